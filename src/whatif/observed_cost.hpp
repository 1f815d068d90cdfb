/*
 * What a plan costs by the rows that were counted, where the planner expects far fewer.
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
};

/* Writes the counted rows into the plan, over the planner's. */
Correction CorrectPlan(PlannedStmt *statement, const PlannableQuery &query, const List *tables);

} // namespace pg_advisor::whatif
