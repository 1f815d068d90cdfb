/*
 * A query that the planner can be asked about: a rewritten tree, its parameter values and its owner.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/pg.hpp"
#include "whatif/row_sets.hpp"

namespace pg_advisor::whatif
{

/* Rows that were counted in recorded executions. A factor of 1 says that the planner is right about them. */
struct RowCount
{
    RowSet rows;
    double factor; /* counted to expected */
    double most;   /* of one execution */
};

struct PlannableQuery
{
    Query *tree = nullptr;          /* rewritten; copied before each planner call; queryId 0 */
    ParamListInfo params = nullptr; /* values marked PARAM_FLAG_CONST, or nullptr for generic estimates */
    Oid user = InvalidOid;          /* planned as this user; InvalidOid: the current one */
    const char *text = "";          /* for error positions and EXPLAIN */
    bool recorded = false;          /* it ran: the planner's cost is corrected, see observed_cost.hpp */
    const RowCount *counts = nullptr; /* sorted by rows */
    int count_of_counts = 0;
};

/*
 * Parses, analyses and rewrites one statement as the current user, in a sandbox, without the hooks of
 * other modules. `$n` parameters get the types of `types`, else those the parser infers. The result is palloc'd in
 * CurrentMemoryContext. Throws Failure: 42601 and so on as the server says for bad SQL; 22023 for empty
 * text, for several statements, and for statements the planner has no plan for (DDL, utility).
 */
PlannableQuery ParseQuery(const char *text, Oid user = InvalidOid, const char *search_path = nullptr,
                          ParamListInfo types = nullptr);

} // namespace pg_advisor::whatif
