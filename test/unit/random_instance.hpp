/*
 * Random tables of costs for the search, in which indexes replace, complement and hinder each other.
 *
 * Small enough that the best set can be found by trying all.
 */
#pragma once

#include "fake_planner.hpp"

#include "advise/search.hpp"

#include <random>

namespace pg_advisor::testing
{

struct Plan
{
    Vector<IndexId> needs; /* all of them */
    double cost = 0;
};

/* A query costs its base, or as much as the cheapest plan whose indexes all exist. */
class TableModel : public CostModel
{
  public:
    std::size_t Queries() const override { return base.size(); }
    IndexId Add(const IndexSpec &) override { return bytes.size(); }
    IndexSize Size(IndexId id) override { return {bytes[id], 1}; }
    PlanCost Cost(QueryId query, const Configuration &configuration) override
    {
        calls++;
        PlanCost result;
        result.joins_tried = joins;
        result.cost = base[query];
        for (const Plan &plan : plans[query])
        {
            const bool there = std::all_of(plan.needs.begin(), plan.needs.end(), [&](IndexId id) {
                return std::binary_search(configuration.created.begin(), configuration.created.end(), id);
            });
            /* a plan may be chosen although it is dearer: PostgreSQL is not monotone */
            if (there && (plan.cost < result.cost || plan.cost > base[query]))
            {
                result.cost = plan.cost;
                result.used = plan.needs;
            }
        }
        return result;
    }
    void CheckInterrupts() override {}

    Vector<double> base, bytes;
    Vector<Vector<Plan>> plans;
    double joins = 0; /* that each planner call tries */
    std::size_t calls = 0;
};

struct Instance
{
    TableModel model;
    Catalog catalog;
    Vector<StatementInfo> workload;
    Vector<Priced> candidates;
    Pool pool;

    void AddIndex(double bytes, double write_cost = 0)
    {
        Priced priced;
        priced.id = model.bytes.size();
        priced.index.relation = 1;
        priced.index.keys = {Key(static_cast<std::int16_t>(priced.id + 1))};
        priced.bytes = bytes;
        priced.columns = 1;
        priced.write_cost = write_cost;
        model.bytes.push_back(bytes);
        pool.numbers.push_back(candidates.size());
        candidates.push_back(priced);
    }
    void AddQuery(double calls, double base, Vector<Plan> plans)
    {
        StatementInfo statement;
        statement.queryid = static_cast<std::int64_t>(workload.size()) + 1;
        statement.calls = calls;
        statement.queries = {model.base.size()};
        statement.weights = {calls};
        statement.facts = {QueryFacts{{}, {Facts(1, {}, {}, {})}}}; /* needs no column: any index may serve */
        for (const Plan &plan : plans)
            if (plan.needs.size() > 1)
                pool.groups.push_back(Chosen(plan.needs.begin(), plan.needs.end()));
        workload.push_back(std::move(statement));
        model.base.push_back(base);
        model.plans.push_back(std::move(plans));
    }
    State Solve(const SearchLimits &limits)
    {
        Evaluator evaluator(workload, catalog, model);
        evaluator.AddCandidates(candidates);
        Deadline deadline(nullptr, 0, model);
        return Search(evaluator, pool, limits, deadline, deadline);
    }
    /* The least objective of any set within the limits of which every index is worth its place. */
    double Best(const SearchLimits &limits)
    {
        Evaluator evaluator(workload, catalog, model);
        evaluator.AddCandidates(candidates);
        const auto irreducible = [&](const State &state) {
            return std::all_of(state.chosen.begin(), state.chosen.end(), [&](std::size_t number) {
                const State without = evaluator.Apply(state, {}, {number});
                return !without.allowed || evaluator.Worth(without, state, limits.min_improvement);
            });
        };
        double best = evaluator.Base().objective;
        for (unsigned bits = 0; bits < (1U << candidates.size()); bits++)
        {
            Chosen chosen;
            for (std::size_t i = 0; i < candidates.size(); i++)
                if (bits & (1U << i))
                    chosen.push_back(i);
            const State state = evaluator.Of(chosen);
            if (state.allowed && (!limits.budget || state.bytes <= *limits.budget) &&
                (!limits.max_indexes || static_cast<int>(chosen.size()) <= *limits.max_indexes) &&
                state.objective < best && irreducible(state))
                best = state.objective;
        }
        return best;
    }
};

/* With 4 to 10 indexes, or as many as are wanted. */
inline Instance RandomInstance(unsigned seed, int exactly = 0)
{
    std::mt19937 random(seed);
    const auto pick = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    Instance instance;
    const int indexes = exactly > 0 ? exactly : seed % 8 == 0 ? 10 : pick(4, 8), queries = pick(3, 12);
    for (int i = 0; i < indexes; i++)
    {
        /* drawn one by one: the order in which arguments are evaluated is the compiler's */
        const double bytes = pick(1, 60) * 1e6;
        instance.AddIndex(bytes, pick(0, 3) == 0 ? pick(0, 2000) : 0);
    }
    for (int q = 0; q < queries; q++)
    {
        const double base = pick(1000, 20000);
        Vector<Plan> plans;
        for (int p = pick(0, 4); p > 0; p--)
        {
            Plan plan;
            plan.needs = {static_cast<IndexId>(pick(0, indexes - 1))};
            if (pick(0, 3) == 0)
                plan.needs.push_back(static_cast<IndexId>(pick(0, indexes - 1)));
            std::sort(plan.needs.begin(), plan.needs.end());
            plan.needs.erase(std::unique(plan.needs.begin(), plan.needs.end()), plan.needs.end());
            /* one in eight is a trap: the planner takes it and it is worse */
            plan.cost = pick(0, 7) == 0 ? base * 1.5 : base * pick(1, 90) / 100.0;
            plans.push_back(plan);
        }
        instance.AddQuery(pick(1, 100), base, std::move(plans));
    }
    return instance;
}

} // namespace pg_advisor::testing
