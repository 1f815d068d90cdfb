/*
 * See node_price.hpp.
 */
#include "whatif/node_price.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* A page of the table and half a page of the index: more is not read for any number of lookups. */
constexpr double kPagesOfLookups = 1.5;
constexpr double kOperatorsPerLookup = 100; /* the descent; btcostestimate charges 50 for each level */

/* Rows that come out do not tell how many there were on the inner side. */
bool IsSemi(const Plan *join)
{
    const JoinType type = reinterpret_cast<const Join *>(join)->jointype;
    return type == JOIN_SEMI || type == JOIN_ANTI;
}

/* What so many lookups cost at most, and rows that come of them. */
double MostOfLookups(double pages, double lookups, double rows)
{
    return pages * kPagesOfLookups * random_page_cost + lookups * kOperatorsPerLookup * cpu_operator_cost +
           rows * (cpu_tuple_cost + cpu_index_tuple_cost + cpu_operator_cost);
}

/* What an inner side that does not depend on the round costs when it is run again. */
double CostAgain(const Plan *inner, double own_cost)
{
    return IsA(inner, Material) ? inner->plan_rows * cpu_operator_cost : own_cost;
}

} // namespace

bool IsIndexScan(const Plan *plan)
{
    return IsA(plan, IndexScan) || IsA(plan, IndexOnlyScan) || IsA(plan, BitmapHeapScan);
}

double RoundsOf(const Price &outer)
{
    return std::max(1.0, outer.rows * outer.factor);
}

double InnerGrowth(const Plan *join, double joined, double factor, const Price &outer, const Price &inner)
{
    if (IsSemi(join) || (factor == 1 && outer.factor == 1))
        return 1;
    return std::max(1.0, joined / RoundsOf(outer) / std::max(1.0, inner.rows));
}

double FactorFromInputs(const Plan *plan, const Price &outer, const Price &inner)
{
    if (IsA(plan, NestLoop) || IsA(plan, HashJoin) || IsA(plan, MergeJoin))
        return IsSemi(plan) ? outer.factor : std::max(outer.factor, inner.factor);
    return MakesRows(plan) ? 1 : outer.factor;
}

double MoreForIndexScan(const Plan *plan, double factor, double pages)
{
    const double most = MostOfLookups(pages, 1, plan->plan_rows * factor);
    return std::min(plan->total_cost * (factor - 1), std::max(0.0, most - plan->total_cost));
}

double MoreForRounds(const Plan *plan, double factor, double reads, const Price &outer, const Price &inner)
{
    const double rounds = std::max(1.0, outer.rows);
    const double others = std::max(0.0, plan->total_cost - outer.cost - inner.cost);
    const double all = inner.lookup ? others + inner.cost : others;
    const double rows_grow = inner.lookup ? InnerGrowth(plan, plan->plan_rows * factor, factor, outer, inner) : 1;
    const double growth = outer.factor * (1 + inner.rows * rows_grow) / (1 + inner.rows);
    const double more = all * (growth - 1);
    if (!inner.lookup)
        return reads + (rounds > 1 ? more : (others + CostAgain(innerPlan(plan), inner.cost)) * (outer.factor - 1));
    const double lookups = rounds * outer.factor;
    const double most = MostOfLookups(inner.pages, lookups, lookups * inner.rows * rows_grow) - all;
    return std::max(reads, std::min(reads + more, most));
}

double MoreForRows(const Plan *plan, double own, const Price &outer, const Price &inner)
{
    const double rows = outer.rows + inner.rows;
    if (IsA(plan, Gather) || IsA(plan, GatherMerge))
        return outer.rows * (outer.factor - 1) * parallel_tuple_cost;
    return rows > 0 ? own * ((outer.rows * outer.factor + inner.rows * inner.factor) / rows - 1) : 0;
}

bool ReadsAllFirst(const Plan *plan)
{
    return IsA(plan, Sort) || IsA(plan, Hash) || IsA(plan, SetOp) ||
           (IsA(plan, Agg) && reinterpret_cast<const Agg *>(plan)->aggstrategy != AGG_SORTED);
}

} // namespace pg_advisor::whatif
