/*
 * What a statement of the workload costs before and after a change of indexes: for advisor.evaluate_indexes and
 * advisor.suggestion_queries.
 */
#pragma once

#include "whatif/planner_cost.hpp"
#include "workload/workload.hpp"

#include <optional>

namespace pg_advisor::whatif
{

struct ItemPrice
{
    bool known = false;           /* false: there is nothing to plan */
    double before = 0, after = 0; /* per call, on average over the queries that stand for the statement */
    Vector<QueryId> queries;
    Vector<PlanCost> plans;       /* after, parallel to queries */
};

/* Nothing where the statement is none of the workload's: on catalogs alone. Throws Failure where it cannot be
 * planned, and where the caller of a given text may not read its tables. */
std::optional<ItemPrice> PriceItem(PlannerCost &model, const WorkItem &item, const Configuration &before,
                                   const Configuration &after);

} // namespace pg_advisor::whatif
