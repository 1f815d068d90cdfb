/*
 * What the search works with: candidates with their price, and the queries of the workload one by one.
 *
 * Both are numbered: a set of indexes is a list of candidates' numbers, a slot's number is its place in the
 * evaluator's list.
 */
#pragma once

#include "advise/advisor.hpp"

namespace pg_advisor
{

/* A candidate that the cost model knows. `number` is its place in the canonical order. */
struct Priced
{
    IndexSpec index;
    IndexId id = 0;
    double bytes = 0;
    double write_cost = 0;   /* less what keeping the replaced one up to date takes */
    std::size_t columns = 0; /* keys and INCLUDE */
    Oid32 replaces = 0;      /* the existing index that goes when this one comes: then the planner does not see it */
    double replaced_write_cost = 0;
};

using Chosen = Vector<std::size_t>; /* numbers of candidates, ascending */

/* One query of a statement: one set of constants. */
struct Slot
{
    std::size_t statement = 0; /* index into the workload */
    QueryId query = 0;
    double weight = 0;
    const QueryFacts *facts = nullptr;
    Vector<Oid32> relations;   /* ascending */
    double pages = 0;          /* of all its tables */
    double base = 0;           /* decision cost without any new index */
    double base_correction = 0; /* and the correction of that */
    double joins_tried = 0;    /* by the planner, to find that */
    bool alive = true;         /* it can be planned */
};

/* What a planner call takes, that of a query without joins being 1. */
double CallCost(const Slot &slot);

Slot MakeSlot(const StatementInfo &statement, std::size_t number, std::size_t query, const Catalog &catalog);

} // namespace pg_advisor
