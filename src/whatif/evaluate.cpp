/*
 * See evaluate.hpp.
 */
#include "whatif/evaluate.hpp"

#include "boundary/guard.hpp"
#include "whatif/parse_index.hpp"
#include "whatif/planner_cost.hpp"

namespace pg_advisor::whatif
{

namespace
{

Configuration AddIndexes(PlannerCost &model, const Vector<String> &create_indexes, const Vector<Oid> &drop_indexes)
{
    Configuration result;
    for (const String &ddl : create_indexes)
        result.created.push_back(model.Add(ParseIndex(ddl.c_str())));
    result.hidden.assign(drop_indexes.begin(), drop_indexes.end());
    std::sort(result.hidden.begin(), result.hidden.end());
    return result;
}

String IndexName(Oid index)
{
    const char *name = CallPg([&] { return get_rel_name(index); });
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
        add(IndexName(oid));
}

/* Recorded statements on catalogs alone (what tools and this extension ask) are nobody's workload. */
bool ReadsUserTables(const PlannerCost &model, QueryId query)
{
    const Vector<Oid32> &relations = model.Relations(query);
    return std::any_of(relations.begin(), relations.end(),
                       [](Oid32 relation) { return relation >= FirstNormalObjectId; });
}

/* False where the statement is none of the workload's. */
bool Price(PlannerCost &model, const WorkItem &item, const Configuration &after, Evaluation *evaluation)
{
    const Configuration none;
    double before_cost = 0, after_cost = 0, total = 0;
    for (std::size_t i = 0; i < item.queries.size(); ++i)
    {
        const double weight = i < item.weights.size() ? item.weights[i] : 1;
        const QueryId query = model.AddQuery(item.queries[i]);
        if (item.queryid && !ReadsUserTables(model, query))
            return false;
        if (item.check_privileges)
            (void)model.Explain(query, none);
        before_cost += weight * model.Cost(query, none).cost;
        const PlanCost planned = model.Cost(query, after);
        after_cost += weight * planned.cost;
        total += weight;
        AddUsed(model, planned, evaluation);
    }
    if (total > 0)
    {
        evaluation->cost_before = before_cost / total;
        evaluation->cost_after = after_cost / total;
    }
    return true;
}

} // namespace

Vector<Evaluation> Evaluate(const Vector<String> &create_indexes, const Vector<Oid> &drop_indexes,
                            const Vector<WorkItem> &items)
{
    Catalog catalog;
    PlannerCost model(catalog);
    const Configuration candidates = AddIndexes(model, create_indexes, drop_indexes);
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
    const Configuration candidates = AddIndexes(model, create_indexes, drop_indexes);
    return model.Explain(model.AddQuery(ParseQuery(query.c_str())), candidates);
}

} // namespace pg_advisor::whatif
