/*
 * The corrections: see decision_cost.hpp.
 */
#include "advise/decision_cost.hpp"

#include "advise/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

double LeadingCorrelation(const IndexSpec &index, const TableInfo &table)
{
    if (index.keys.empty())
        return 0;
    const ColumnInfo *column = table.Column(index.keys.front().column);
    return column == nullptr ? 0 : std::abs(column->correlation);
}

/* Share of the rows that the query's ranges on the index's key leave, by the planner. */
double SelectivityOf(const QueryFacts &facts, const IndexSpec &index)
{
    double selectivity = 1;
    for (const RelationFacts &relation : facts.relations)
        for (const ClauseFact &clause : relation.clauses)
            if (relation.relation == index.relation && clause.kind == ClauseKind::Range && clause.outer == 0 &&
                clause.key.SameColumn(index.keys.front()))
                selectivity = std::min(selectivity, clause.selectivity);
    return selectivity;
}

template <class T> bool Contains(const Vector<T> &sorted, T value)
{
    return std::binary_search(sorted.begin(), sorted.end(), value);
}

/* Calls `visit` for the indexes that the plan uses. */
template <class F>
void ForEachUsed(const PlanCost &plan, const Slot &slot, const Chosen &chosen, const Vector<Priced> &candidates,
                 const Catalog &catalog, F &&visit)
{
    for (std::size_t number : chosen)
        if (Contains(plan.used, candidates[number].id))
            if (const auto table = catalog.find(candidates[number].index.relation); table != catalog.end())
                visit(candidates[number].index, table->second);
    if (plan.used_existing.empty())
        return;
    for (Oid32 relation : slot.relations)
    {
        const auto table = catalog.find(relation);
        if (table == catalog.end())
            continue;
        for (const ExistingIndex &existing : table->second.indexes)
            if (Contains(plan.used_existing, existing.oid))
                visit(existing.spec, table->second);
    }
}

/* What cost_bitmap_heap_scan charges too much for the pages a BRIN index leads to. It takes them to be scattered,
 * from the random cost of a page to the sequential one by the square root of their share, but whole ranges of
 * neighbours are read. */
double BrinOvercharge(const QueryFacts &facts, const IndexSpec &index, const TableInfo &table, double scattered)
{
    const double ranges = std::ceil(table.pages / thresholds::kPagesPerRange);
    const double pages =
        std::min(table.pages, std::ceil(ranges * SelectivityOf(facts, index)) * thresholds::kPagesPerRange);
    return scattered * pages * (1 - std::sqrt(pages / table.pages));
}

double Overcharge(const PlanCost &plan, const Slot &slot, const Chosen &chosen, const Vector<Priced> &candidates,
                  const Catalog &catalog, double scattered)
{
    double sum = 0;
    if (slot.facts == nullptr || (plan.used.empty() && plan.used_existing.empty()))
        return 0;
    ForEachUsed(plan, slot, chosen, candidates, catalog, [&](const IndexSpec &index, const TableInfo &table) {
        if (index.access_method == "brin" && !index.keys.empty())
            sum += BrinOvercharge(*slot.facts, index, table, scattered);
    });
    return std::min(sum, plan.cost / 2);
}

/* The least of the indexes that the plan uses; 0 where it uses none. */
double LeastCorrelation(const PlanCost &plan, const Slot &slot, const Chosen &chosen, const Vector<Priced> &candidates,
                        const Catalog &catalog)
{
    double correlation = 1;
    bool any = false;
    ForEachUsed(plan, slot, chosen, candidates, catalog, [&](const IndexSpec &index, const TableInfo &table) {
        correlation = std::min(correlation, LeadingCorrelation(index, table));
        any = true;
    });
    return any ? correlation : 0;
}

} // namespace

double BelievedCost(double decision, double correction, const Slot &slot)
{
    if (correction == 0 && slot.base_correction == 0)
        return decision;
    const double share = (decision + correction) / std::max(1.0, slot.base + slot.base_correction);
    return std::max(decision, slot.base * share);
}

double DecisionCost(const PlanCost &plan, double table_pages, double correlation)
{
    const double excess = std::max(0.0, plan.heap_fetches - table_pages);
    return plan.cost + plan.early_stop_risk + excess * thresholds::kExcessFetchCost * (1 - correlation * correlation);
}

double DecisionCost(const PlanCost &plan, const Slot &slot, const Chosen &chosen, const Vector<Priced> &candidates,
                    const Catalog &catalog, double scattered)
{
    if (const double overcharge = Overcharge(plan, slot, chosen, candidates, catalog, scattered); overcharge > 0)
        return plan.cost + plan.early_stop_risk - overcharge;
    if (plan.heap_fetches <= slot.pages)
        return plan.cost + plan.early_stop_risk;
    return DecisionCost(plan, slot.pages, LeastCorrelation(plan, slot, chosen, candidates, catalog));
}

} // namespace pg_advisor
