/*
 * What the planner does not know of an index scan that a LIMIT is to stop early: it takes the rows that pass the filter to
 * be spread evenly along the index.
 *
 * max(bid) of an early week, or its ten highest ones, by an index on bid alone: bids rise with time, and all of the later
 * ones are read first. The latest price of one article by an index on the day alone: some have had no new price for long.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* The share of an ordered index scan that, by the correlations of the columns, comes before the first row that the range
 * conditions of the filter let through. 0 where the planner's even spread may hold. The scan is not parameterised: what is
 * looked up for one row of a join after the other is spread as the average says. May ereport. */
double ShareReadBefore(PlannerInfo *root, const IndexPath *path);

/* What the scan may cost more than its share of `total_cost`, in planner units; `fraction` is what it is asked for, `kept`
 * the share of the rows read that pass the filter. */
double EarlyStopRisk(double total_cost, double fraction, double kept, double read_before);

} // namespace pg_advisor::whatif
