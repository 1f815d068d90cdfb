/*
 * See item_price.hpp.
 */
#include "whatif/item_price.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* Recorded statements on catalogs alone (what tools and this extension ask) are nobody's workload. */
bool ReadsUserTables(const PlannerCost &model, QueryId query)
{
    const Vector<Oid32> &relations = model.Relations(query);
    return std::any_of(relations.begin(), relations.end(),
                       [](Oid32 relation) { return relation >= FirstNormalObjectId; });
}

} // namespace

std::optional<ItemPrice> PriceItem(PlannerCost &model, const WorkItem &item, const Configuration &before,
                                   const Configuration &after)
{
    ItemPrice price;
    double total = 0;
    for (std::size_t i = 0; i < item.queries.size(); ++i)
    {
        const double weight = i < item.weights.size() ? item.weights[i] : 1;
        const QueryId query = model.AddQuery(item.queries[i]);
        if (item.queryid && !ReadsUserTables(model, query))
            return std::nullopt;
        if (item.check_privileges)
            (void)model.Explain(query, Configuration());
        price.before += weight * model.Cost(query, before).cost;
        price.plans.push_back(model.Cost(query, after));
        price.after += weight * price.plans.back().cost;
        price.queries.push_back(query);
        total += weight;
    }
    if (total > 0)
    {
        price.known = true;
        price.before /= total;
        price.after /= total;
    }
    return price;
}

} // namespace pg_advisor::whatif
