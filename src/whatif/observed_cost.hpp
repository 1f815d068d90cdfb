/*
 * What the plan of a recorded statement costs more than the planner says: by the rows that were counted, where it
 * expects far fewer, and by what lookups read that are fewer than it takes them to be (lookup_price.hpp).
 *
 * Used by planner_calls.cpp on each plan, with new indexes or without, so that both are judged by the same facts. The
 * plan is the one the planner chooses: it does not know what was counted, and will not when the index is there. Runs
 * inside the sandbox; plain data only.
 */
#pragma once

#include "whatif/plannable.hpp"

namespace pg_advisor::whatif
{

/* Pages of a base relation, as the planner has them. */
struct TablePages
{
    Index rti;
    Oid relation;
    double pages;
};

/* Notes those of a base relation into *tables (TablePages). For World::collect. */
void NoteTablePages(List **tables, const RelOptInfo *rel, Oid relation);

struct Correction
{
    double cost;     /* to be added to the planner's */
    double expected; /* rows of the step that is furthest off */
    double counted;
    double lookups;  /* if most of it is what so few lookups read more: how many; otherwise 0 */
};

/* Writes the counted rows into the plan, over the planner's. */
Correction CorrectPlan(PlannedStmt *statement, const PlannableQuery &query, const List *tables,
                       const List *lookups);

} // namespace pg_advisor::whatif
