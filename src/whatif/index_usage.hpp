/*
 * How a plan reads an index, in the words of EXPLAIN: "Index Only Scan using orders_customer_id_idx: Index Cond:
 * (customer_id = 42)". For advisor.suggestion_queries.
 *
 * C rules: everything runs in the sandbox, may ereport, and is palloc'd in CurrentMemoryContext.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* The name for EXPLAIN of an index that ReadUsage is to find: no other index can have it. */
const char *MarkedName(const char *name);

/* Recorded parameter values are planned with and never shown: $n stands for them in the conditions on indexes.
 * Without values it changes nothing: the constants are in the text that the user sees. */
void HideValues(PlannedStmt *statement, ParamListInfo params);

/* The scans of marked indexes in an EXPLAIN in JSON, without repetition, joined by "; ". Empty: there is none. */
char *ReadUsage(const char *json);

} // namespace pg_advisor::whatif
