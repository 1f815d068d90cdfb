/*
 * What one round of a lookup by index costs when the nested loop around it has only so many.
 *
 * The planner prices such a path before it knows the join: it shares the page reads of all rounds among as many as the
 * smallest table that the lookup depends on has rows (get_loop_count in indxpath.c). Where another join has left fewer of
 * them, each round reads more pages from the disk than it is charged for: 400 rounds of which each pays a
 * ten-thousandth of a table look cheap. The same functions of the planner tell what so many rounds cost. Runs inside the
 * sandbox, after planning, in the memory context of the plan; plain data only.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* Notes the paths of a base relation that depend on others into *lookups. For World::collect. */
void NoteLookups(List **lookups, PlannerInfo *root, const RelOptInfo *rel);

/* What a round costs beyond what the planner charges, if there are so many; 0 where it is less, or not known. */
double MoreForFewRounds(const List *lookups, const Plan *scan, double rounds);

} // namespace pg_advisor::whatif
