/*
 * What one plan tells the search: cost, indexes used, rows fetched one by one.
 */
#pragma once

#include "boundary/pg.hpp"
#include "whatif/observed_cost.hpp"

namespace pg_advisor::whatif
{

/* An index path the planner considered: how many rows it fetches, which its plan node no longer says. */
struct IndexPathFact
{
    Oid index;
    Cost total_cost;
    double fetched;
    bool may_disappoint; /* when it is to stop early: hypothetical, and not parameterised */
    double read_before;  /* of such a one: see ShareReadBefore */
};

struct PlanFacts
{
    double cost;
    Correction correction;
    double heap_fetches; /* by plain index scans; of recorded statements by bitmaps of large tables, too */
    double early_stop_risk; /* of hypothetical indexes: see EarlyStopRisk */
    Oid *indexes;       /* used, without repetition, in order of appearance */
    int index_count;
    List *arbiters;     /* indexes that ON CONFLICT relies on */
};

/* Calls `visit` for the index paths of which the path consists: itself, or those of a bitmap. */
void ForEachIndexPath(const Path *path, void (*visit)(const IndexPath *path, void *context), void *context);

/* Notes the index paths of a base relation into *facts (IndexPathFact). For World::collect; may ereport. */
void NoteIndexPaths(List **facts, PlannerInfo *root, const RelOptInfo *rel);

/* `recorded`: as in PlannableQuery. */
PlanFacts ReadPlan(PlannedStmt *statement, List *index_paths, bool recorded);

/* Calls `visit` for the plan and all nodes below it; init plans and subplans are in PlannedStmt::subplans. */
void ForEachNode(Plan *plan, void (*visit)(Plan *plan, void *context), void *context);

/* Removes what would need parameter values at executor start (see compat::ForgetPruning). */
void ForgetPruning(PlannedStmt *statement);

} // namespace pg_advisor::whatif
