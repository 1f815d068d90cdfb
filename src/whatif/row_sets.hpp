/*
 * Names for the rows that a plan node returns, which are the same in every plan of a query.
 *
 * The planner gives all ways to join the same tables the same number of rows, so that a name is made of the tables
 * alone, not of the order or the method of the joins. What was counted in one plan (capture/row_reader.cpp) can then
 * be held against another one (whatif/observed_cost.cpp). Plain C: called below server frames.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* 0: they have no name. */
using RowSet = uint64;

/* Range table index of the partitioned table on top of a partition, or of the relation itself. */
Index TopmostParent(const PlannedStmt *statement, Index rti);

/* The rows of a node with the rows of what is below it; of a SubqueryScan that is `outer`. Parts of an Append are not
 * told apart: its children are not to be asked about. */
RowSet RowsOf(const PlannedStmt *statement, const Plan *plan, RowSet outer, RowSet inner);

/* Whether a node counts rows of its own, which are not those of the node below. */
bool MakesRows(const Plan *plan);

/* The parameters that a nested loop or a subplan sets anew for each of its rows, added to `params`. A node that
 * depends on one returns the rows of one round only. */
Bitmapset *WithLoopParams(const Bitmapset *params, const NestLoop *join);
inline bool DependsOn(const Plan *plan, const Bitmapset *params)
{
    return bms_overlap(plan->extParam, params);
}

} // namespace pg_advisor::whatif
