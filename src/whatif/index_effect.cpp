/*
 * Prices the workload with and without one index, and reads its usage from the plans: see index_effect.hpp.
 */
#include "whatif/index_effect.hpp"

#include "base/failure.hpp"
#include "whatif/catalog_reader.hpp"
#include "whatif/item_price.hpp"
#include "whatif/parse_index.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* Two sets of indexes that differ by the one that is asked about. */
struct Comparison
{
    Configuration before, after;
    WantedIndexes index;
    IndexId created = 0; /* of after.created */
};

bool Serves(const ExistingIndex &existing, const IndexSpec &spec)
{
    return existing.valid && Equivalent(existing.spec, spec) && (existing.spec.unique || !spec.unique);
}

/* All that have the definition: with one of two hidden the other would take over, and nothing would change. */
Comparison OfExisting(const PlannerCost &model, const Vector<Oid32> &existing)
{
    Comparison comparison;
    comparison.before.hidden = existing;
    std::sort(comparison.before.hidden.begin(), comparison.before.hidden.end());
    for (Oid32 index : existing)
        for (Oid32 part : model.PartsOf(index))
            comparison.index.oids.push_back(part);
    return comparison;
}

Comparison OfNew(PlannerCost &model, const IndexSpec &spec, const String &name)
{
    Comparison comparison;
    comparison.created = model.Add(spec);
    comparison.after.created.push_back(comparison.created);
    comparison.index.oids.push_back(model.OidOf(comparison.created));
    const std::string_view full = model.Name(comparison.created); /* "<hypothetical> name" */
    comparison.index.name = name.empty() ? String(full.substr(full.find(' ') + 1)) : name;
    return comparison;
}

Comparison Compare(PlannerCost &model, Catalog &catalog, const String &ddl, String *existing_name)
{
    String name;
    const IndexSpec spec = ParseIndex(ddl.c_str(), &name);
    Vector<Oid32> existing;
    ReadTable(catalog, spec.relation);
    if (const auto table = catalog.find(spec.relation); table != catalog.end())
        for (const ExistingIndex &index : table->second.indexes)
            if (Serves(index, spec))
            {
                if (existing.empty())
                    *existing_name = index.name;
                existing.push_back(index.oid);
            }
    return existing.empty() ? OfNew(model, spec, name) : OfExisting(model, existing);
}

bool Uses(const PlanCost &plan, const Comparison &comparison)
{
    const Vector<Oid32> &oids = comparison.index.oids;
    return std::any_of(plan.used.begin(), plan.used.end(), [&](IndexId id) { return id == comparison.created; }) ||
           std::any_of(plan.used_existing.begin(), plan.used_existing.end(),
                       [&](Oid32 oid) { return std::find(oids.begin(), oids.end(), oid) != oids.end(); });
}

/* Of the queries that stand for a statement the one with most calls whose plan reads the index. */
String UsageIn(PlannerCost &model, const WorkItem &item, const ItemPrice &price, const Comparison &comparison)
{
    std::optional<std::size_t> best;
    const auto weight = [&](std::size_t i) { return i < item.weights.size() ? item.weights[i] : 1; };
    for (std::size_t i = 0; i < price.plans.size(); ++i)
        if (Uses(price.plans[i], comparison) && (!best || weight(i) > weight(*best)))
            best = i;
    return best ? model.Usage(price.queries[*best], comparison.after, comparison.index) : String();
}

void AddStatement(PlannerCost &model, const WorkItem &item, const Comparison &comparison, IndexEffect *effect)
{
    if (item.queries.empty())
    {
        effect->skipped.push_back({item.text, item.problem});
        return;
    }
    const std::optional<ItemPrice> price = PriceItem(model, item, comparison.before, comparison.after);
    if (!price)
        return;
    StatementEffect row;
    row.usage = UsageIn(model, item, *price, comparison);
    effect->planned++;
    if (row.usage.empty() && price->before == price->after)
        return;
    row.queryid = item.queryid;
    row.text = item.text;
    row.calls = item.calls;
    row.cost_before = price->before;
    row.cost_after = price->after;
    effect->statements.push_back(std::move(row));
}

} // namespace

IndexEffect EffectOf(const String &ddl, const Vector<WorkItem> &items)
{
    Catalog catalog;
    PlannerCost model(catalog);
    IndexEffect effect;
    const Comparison comparison = Compare(model, catalog, ddl, &effect.existing);
    for (const WorkItem &item : items)
    {
        try
        {
            AddStatement(model, item, comparison, &effect);
        }
        catch (const Failure &failure)
        {
            effect.skipped.push_back({item.text, String(failure.what())});
        }
    }
    std::stable_sort(effect.statements.begin(), effect.statements.end(),
                     [](const StatementEffect &a, const StatementEffect &b) { return a.Gain() > b.Gain(); });
    return effect;
}

} // namespace pg_advisor::whatif
