/*
 * See evaluate.hpp.
 */
#include "whatif/evaluate.hpp"

#include "boundary/guard.hpp"
#include "whatif/item_price.hpp"
#include "whatif/parse_index.hpp"
#include "whatif/upkeep.hpp"

namespace pg_advisor::whatif
{

namespace
{

Configuration AddIndexes(PlannerCost &model, const Vector<String> &create_indexes, const Vector<Oid> &drop_indexes,
                         Upkeep *upkeep)
{
    Configuration result;
    for (const String &ddl : create_indexes)
    {
        const IndexSpec spec = ParseIndex(ddl.c_str());
        result.created.push_back(model.Add(spec));
        if (upkeep != nullptr)
            upkeep->AddCreated(spec, result.created.back());
    }
    for (Oid index : drop_indexes)
        if (upkeep != nullptr)
            upkeep->AddDropped(index);
    result.hidden.assign(drop_indexes.begin(), drop_indexes.end());
    std::sort(result.hidden.begin(), result.hidden.end());
    return result;
}

/* Nothing of an index that only partitions have the parts of: they are named themselves. */
std::optional<String> IndexName(Oid index)
{
    const char *name = nullptr;
    const bool scanned = CallPg([&] {
        name = get_rel_name(index);
        return get_rel_relkind(index) != RELKIND_PARTITIONED_INDEX;
    });
    if (!scanned)
        return std::nullopt;
    return name ? String(name) : String("?");
}

void AddUsed(const PlannerCost &model, const PlanCost &cost, Evaluation *evaluation)
{
    auto add = [&](String name) {
        auto &used = evaluation->indexes_used;
        if (std::find(used.begin(), used.end(), name) == used.end())
            used.push_back(std::move(name));
    };
    for (IndexId id : cost.used)
        add(String(model.Name(id)));
    for (Oid32 oid : cost.used_existing)
        if (std::optional<String> name = IndexName(oid))
            add(std::move(*name));
}

/* False where the statement is none of the workload's. */
bool Price(PlannerCost &model, const WorkItem &item, const Configuration &after, Evaluation *evaluation)
{
    const std::optional<ItemPrice> price = PriceItem(model, item, Configuration(), after);
    if (!price)
        return false;
    for (const PlanCost &plan : price->plans)
        AddUsed(model, plan, evaluation);
    if (price->known)
    {
        evaluation->cost_before = price->before;
        evaluation->cost_after = price->after;
    }
    return true;
}

} // namespace

Vector<Evaluation> Evaluate(const Vector<String> &create_indexes, const Vector<Oid> &drop_indexes,
                            const Vector<WorkItem> &items)
{
    Catalog catalog;
    PlannerCost model(catalog);
    Upkeep upkeep(catalog, model);
    const Configuration candidates = AddIndexes(model, create_indexes, drop_indexes, &upkeep);
    Vector<Evaluation> rows;
    for (const WorkItem &item : items)
    {
        Evaluation row;
        row.queryid = item.queryid;
        row.text = item.text;
        row.calls = item.calls;
        row.problem = item.problem;
        try
        {
            if (!Price(model, item, candidates, &row))
                continue;
            row.write_overhead = upkeep.Of(item);
        }
        catch (const Failure &failure)
        {
            row.problem = failure.what();
            row.indexes_used.clear();
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

IndexEstimate EstimateIndex(const String &ddl)
{
    Catalog catalog;
    PlannerCost model(catalog);
    const IndexSpec spec = ParseIndex(ddl.c_str());
    const Oid relation = spec.relation;
    if (CallPg([&] { return pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) != ACLCHECK_OK; }))
        throw Failure("42501", "permission denied for the table of the index", "",
                      "An estimate tells of the table's data: it needs SELECT on the table.");
    const IndexSize size = model.Size(model.Add(spec));
    return {spec.relation, size.bytes, size.height};
}

Vector<String> WhatIf(const String &query, const Vector<String> &create_indexes, const Vector<Oid> &drop_indexes)
{
    Catalog catalog;
    PlannerCost model(catalog);
    const Configuration candidates = AddIndexes(model, create_indexes, drop_indexes, nullptr);
    return model.Explain(model.AddQuery(ParseQuery(query.c_str())), candidates);
}

} // namespace pg_advisor::whatif
