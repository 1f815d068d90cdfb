/*
 * What one node of a plan costs more than the planner says, given how many times more rows come from those below.
 *
 * A join that was not counted has the larger factor of its inputs. What a node costs beyond its inputs grows with the
 * rows that go in. Lookups in an index grow with the number of rounds and of rows, but read no page more often from the
 * disk than there are pages. Costs are in the planner's units. Used by observed_cost.cpp.
 */
#pragma once

#include "whatif/row_sets.hpp"

namespace pg_advisor::whatif
{

/* Of a node and all below it. */
struct Price
{
    RowSet set;
    double factor;  /* counted to expected, at least 1 */
    double rows;    /* the planner's */
    double cost;    /* the planner's */
    double startup; /* to be added, until the first row */
    double total;   /* to be added */
    double again;   /* to be added for each round of the loop around */
    double lookups; /* the rounds of all loops around those that this is for */
    double pages;   /* of the tables below */
    bool lookup;    /* by an index that depends on a loop */
};

bool IsIndexScan(const Plan *plan);

/* Whether all of its input has been read when the first row comes. */
bool ReadsAllFirst(const Plan *plan);

/* Of a plan that runs as the outer side of a nested loop: how often the inner side runs. */
double RoundsOf(const Price &outer);

/* How many times more rows a round of the inner side gives: at least those that come out of the join. Where nothing was
 * counted its rows and those of a round are both the planner's, and need not agree. `joined`: rows that come out. */
double InnerGrowth(const Plan *join, double joined, double factor, const Price &outer, const Price &inner);

/* Of a node that was not counted. */
double FactorFromInputs(const Plan *plan, const Price &outer, const Price &inner);

/* Of a scan that runs once, in a table of so many pages. */
double MoreForIndexScan(const Plan *plan, double factor, double pages);

/* What the rounds of the inner side of a nested loop cost more; `reads` of it because they are few. */
double MoreForRounds(const Plan *plan, double factor, double reads, const Price &outer, const Price &inner);

/* Of a node that handles its rows one by one; `own`: what it costs beyond its inputs. */
double MoreForRows(const Plan *plan, double own, const Price &outer, const Price &inner);

} // namespace pg_advisor::whatif
