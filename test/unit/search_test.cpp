/*
 * The search against brute force, and the properties that every advice has to have.
 *
 * Costs come from random tables in which indexes replace, complement and hinder each other.
 */
#include "fake_planner.hpp"

#include "advise/search.hpp"

#include <gtest/gtest.h>

#include <random>

namespace pg_advisor::testing
{
namespace
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
        PlanCost result;
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
        statement.facts = {QueryFacts{{Facts(1, {}, {}, {})}}}; /* needs no column: any index may serve */
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
    /* The least objective of any set within the limits. */
    double Best(const SearchLimits &limits)
    {
        Evaluator evaluator(workload, catalog, model);
        evaluator.AddCandidates(candidates);
        double best = evaluator.Base().objective;
        for (unsigned bits = 0; bits < (1U << candidates.size()); bits++)
        {
            Chosen chosen;
            for (std::size_t i = 0; i < candidates.size(); i++)
                if (bits & (1U << i))
                    chosen.push_back(i);
            const State state = evaluator.Of(chosen);
            if (state.allowed && (!limits.budget || state.bytes <= *limits.budget) &&
                (!limits.max_indexes || static_cast<int>(chosen.size()) <= *limits.max_indexes))
                best = std::min(best, state.objective);
        }
        return best;
    }
};

Instance RandomInstance(unsigned seed)
{
    std::mt19937 random(seed);
    const auto pick = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    Instance instance;
    const int indexes = seed % 8 == 0 ? 10 : pick(4, 8), queries = pick(3, 12);
    for (int i = 0; i < indexes; i++)
        instance.AddIndex(pick(1, 60) * 1e6, pick(0, 3) == 0 ? pick(0, 2000) : 0);
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
        instance.AddQuery(pick(1, 100), base, plans);
    }
    return instance;
}

TEST(Search, WithinOnePercentOfBruteForce)
{
    double sum = 0;
    int count = 0;
    for (unsigned seed = 1; seed <= 40; seed++)
        for (double share : {0.15, 0.4, 1.0})
        {
            Instance instance = RandomInstance(seed);
            double all = 0;
            for (double bytes : instance.model.bytes)
                all += bytes;
            SearchLimits limits;
            limits.budget = share * all;
            if (seed % 3 == 0)
                limits.max_indexes = 3;
            const double best = instance.Best(limits);
            const State state = instance.Solve(limits);
            EXPECT_LE(state.bytes, *limits.budget);
            EXPECT_TRUE(state.allowed);
            const double gap = state.objective / best - 1;
            sum += gap;
            count++;
            EXPECT_LE(gap, 0.01) << "seed " << seed << " share " << share;
        }
    EXPECT_LE(sum / count, 0.001);
}

TEST(Search, KnapsackTrap)
{
    /* the small one has the better ratio and blocks the budget for the one that brings nearly all */
    Instance instance;
    instance.AddIndex(10e6);
    instance.AddIndex(100e6);
    instance.AddQuery(10, 3000, {{{0}, 100}});
    instance.AddQuery(10, 20000, {{{1}, 100}});
    SearchLimits limits;
    limits.budget = 100e6;
    EXPECT_EQ(instance.Solve(limits).chosen, (Chosen{1}));
}

TEST(Search, TwoSmallForOneLarge)
{
    Instance instance;
    instance.AddIndex(60e6);
    instance.AddIndex(50e6);
    instance.AddIndex(50e6);
    instance.AddQuery(10, 10000, {{{0}, 3000}, {{1}, 5000}});
    instance.AddQuery(10, 10000, {{{0}, 4000}, {{2}, 100}});
    SearchLimits limits;
    limits.budget = 100e6;
    EXPECT_EQ(instance.Solve(limits).chosen, (Chosen{1, 2}));
}

TEST(Search, MergedIndexUnderABudget)
{
    Instance instance;
    instance.AddIndex(40e6);
    instance.AddIndex(40e6);
    instance.AddIndex(55e6); /* serves both, a little worse */
    instance.AddQuery(10, 10000, {{{0}, 100}, {{2}, 200}});
    instance.AddQuery(10, 10000, {{{1}, 100}, {{2}, 200}});
    SearchLimits limits;
    limits.budget = 60e6;
    EXPECT_EQ(instance.Solve(limits).chosen, (Chosen{2}));
}

TEST(Search, PairIsAddedAsOneMove)
{
    Instance instance;
    instance.AddIndex(10e6);
    instance.AddIndex(10e6);
    instance.AddQuery(10, 10000, {{{0, 1}, 50}});
    EXPECT_EQ(instance.Solve({}).chosen, (Chosen{0, 1}));
    SearchLimits one;
    one.max_indexes = 1;
    EXPECT_TRUE(instance.Solve(one).chosen.empty());
}

TEST(Search, GuardForbidsWhatMakesAQueryWorse)
{
    Instance instance;
    instance.AddIndex(10e6);
    instance.AddIndex(10e6);
    instance.AddQuery(1000, 10000, {{{0}, 100}, {{1}, 150}});
    instance.AddQuery(1, 100, {{{0}, 110}}); /* 10 % worse */
    EXPECT_EQ(instance.Solve({}).chosen, (Chosen{1}));
    instance.model.plans[1][0].cost = 102; /* within 2 % + 1 */
    EXPECT_EQ(instance.Solve({}).chosen, (Chosen{0}));
}

TEST(Search, SetsThatCannotBePlannedAreLeft)
{
    const double never = std::numeric_limits<double>::infinity(); /* what a failed planner call counts */
    Instance instance;
    for (int i = 0; i < 3; i++)
        instance.AddIndex((i + 1) * 10e6);
    instance.AddQuery(10, 10000, {{{0}, never}, {{1}, 100}});
    instance.AddQuery(10, 10000, {{{0, 2}, never}, {{2}, 100}});
    instance.pool.together = {0, 1, 2};
    for (const SearchLimits &limits : {SearchLimits{}, SearchLimits{50e6, {}, 0}})
        EXPECT_EQ(instance.Solve(limits).chosen, (Chosen{1, 2}));
}

TEST(Search, WriteCostRejects)
{
    Instance instance;
    instance.AddIndex(10e6, 60000);
    instance.AddQuery(10, 10000, {{{0}, 100}});
    EXPECT_TRUE(instance.Solve({}).chosen.empty()); /* 99 000 of gain against 60 000 of writes */
    instance.candidates[0].write_cost = 40000;
    EXPECT_EQ(instance.Solve({}).chosen, (Chosen{0}));
}

TEST(Search, LargerBudgetIsNeverWorse)
{
    for (unsigned seed = 1; seed <= 15; seed++)
    {
        double last = 1e300;
        for (double budget : {10e6, 40e6, 100e6, 1000e6})
        {
            Instance instance = RandomInstance(seed);
            SearchLimits limits;
            limits.budget = budget;
            const double objective = instance.Solve(limits).objective;
            EXPECT_LE(objective, last * 1.02) << seed;
            last = objective;
        }
    }
}

/* --- whole advice over random workloads --- */

void RandomScenario(Scenario &s, unsigned seed, double scale = 1, bool reversed = false)
{
    std::mt19937 random(seed);
    const auto pick = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    const int columns = 6;
    for (Oid32 oid = 1; oid <= 2; oid++)
    {
        TableInfo t = Table(oid, oid == 1 ? "first" : "second", 100000, 1200);
        for (int c = 0; c < columns; c++)
            Column(t, String("c") + String(std::to_string(c)), 4 + 4 * pick(0, 4), std::pow(10, pick(1, 5)));
        s.Add(t);
    }
    struct Drawn
    {
        double calls;
        Vector<RelationFacts> samples;
        double limit;
        std::int64_t queryid;
    };
    Vector<Drawn> drawn;
    for (int q = pick(3, 8); q > 0; q--)
    {
        Drawn d{static_cast<double>(pick(2, 200)), {}, pick(0, 1) ? 20.0 : 0.0, q};
        const Oid32 relation = static_cast<Oid32>(pick(1, 2));
        const TableInfo &t = s.catalog.at(relation);
        Set<std::int16_t> equal;
        for (int e = pick(0, 2); e > 0; e--)
            equal.insert(static_cast<std::int16_t>(pick(1, columns)));
        const auto range = static_cast<std::int16_t>(pick(1, columns));
        const auto order = static_cast<std::int16_t>(pick(1, columns));
        const bool has_range = pick(0, 2) == 0, has_order = pick(0, 2) == 0;
        const Vector<std::int16_t> needed{static_cast<std::int16_t>(pick(1, columns)),
                                          static_cast<std::int16_t>(pick(1, columns)), order, range};
        for (int sample = 0; sample < 2; sample++)
        {
            Vector<ClauseFact> clauses;
            for (std::int16_t column : equal)
                clauses.push_back(Equal(column, 1 / t.Column(column)->distinct));
            if (has_range && !equal.contains(range))
                clauses.push_back(Range(range, pick(1, 50) / 100.0));
            Vector<Vector<KeyPart>> orders;
            if (has_order)
                orders.push_back({Key(order, pick(0, 1) == 1)});
            Vector<std::int16_t> all = needed;
            all.insert(all.end(), equal.begin(), equal.end());
            d.samples.push_back(Facts(relation, clauses, orders, all));
        }
        drawn.push_back(std::move(d));
    }
    if (reversed)
        std::reverse(drawn.begin(), drawn.end());
    for (const Drawn &d : drawn)
    {
        StatementInfo &statement = s.Statement(d.calls * scale);
        statement.queryid = d.queryid;
        for (const RelationFacts &facts : d.samples)
            s.Sample(statement, d.calls * scale / 2, facts, d.limit);
    }
}

TEST(Properties, EveryAdviceIsSound)
{
    for (unsigned seed = 1; seed <= 25; seed++)
    {
        Scenario s;
        RandomScenario(s, seed);
        if (seed % 2)
            s.options.storage_budget = 4e6;
        if (seed % 3 == 0)
            s.options.max_indexes = 2;
        const Advice advice = s.Run();
        double bytes = 0, cost = advice.cost_before;
        Configuration configuration;
        for (const Suggestion &suggestion : advice.suggestions)
        {
            bytes += suggestion.bytes;
            EXPECT_DOUBLE_EQ(suggestion.cost_before, cost);
            EXPECT_NEAR(suggestion.improvement, (suggestion.cost_before - suggestion.cost_after) / advice.cost_before,
                        1e-12);
            EXPECT_GE(suggestion.time_saved, 0);
            EXPECT_FALSE(suggestion.helped.empty());
            cost = suggestion.cost_after;
            for (const Suggestion &other : advice.suggestions)
                EXPECT_TRUE(&other == &suggestion || !IsPrefixOf(suggestion.index, other.index))
                    << Short(suggestion.index);
            for (IndexId id = 0; id < s.planner.indexes_.size(); id++)
                if (s.planner.indexes_[id] == suggestion.index)
                    configuration.created.push_back(id);
        }
        EXPECT_DOUBLE_EQ(cost, advice.cost_after);
        EXPECT_LE(advice.cost_after, advice.cost_before);
        EXPECT_LE(bytes, s.options.storage_budget.value_or(1e300));
        EXPECT_LE(static_cast<int>(advice.suggestions.size()), s.options.max_indexes.value_or(1000));
        std::sort(configuration.created.begin(), configuration.created.end());
        double total = 0;
        for (const StatementInfo &statement : s.workload)
            for (std::size_t i = 0; i < statement.queries.size(); i++)
            {
                const double base = s.planner.Cost(statement.queries[i], {}).cost;
                const double now = s.planner.Cost(statement.queries[i], configuration).cost;
                total += statement.weights[i] * now;
                EXPECT_LE(now, base * 1.02 + 1) << "seed " << seed;
            }
        EXPECT_NEAR(total, advice.cost_after, 1e-6 * total) << "exact cost of the whole set";
    }
}

TEST(Properties, DeterministicAndIndependentOfOrder)
{
    for (unsigned seed = 1; seed <= 12; seed++)
    {
        Scenario a, b, c;
        RandomScenario(a, seed);
        RandomScenario(b, seed);
        RandomScenario(c, seed, 1, true);
        const Advice first = a.Run(), second = b.Run(), permuted = c.Run();
        ASSERT_EQ(first.suggestions.size(), second.suggestions.size());
        ASSERT_EQ(first.suggestions.size(), permuted.suggestions.size()) << seed;
        for (std::size_t i = 0; i < first.suggestions.size(); i++)
        {
            EXPECT_EQ(first.suggestions[i].index, second.suggestions[i].index);
            EXPECT_EQ(first.suggestions[i].index, permuted.suggestions[i].index) << seed;
            EXPECT_EQ(first.suggestions[i].cost_after, permuted.suggestions[i].cost_after);
        }
    }
}

TEST(Properties, ScalingTheWeightsChangesNothing)
{
    for (unsigned seed = 1; seed <= 12; seed++)
    {
        Scenario a, b;
        RandomScenario(a, seed, 16); /* far above the absolute floor */
        RandomScenario(b, seed, 64); /* a power of two: exact */
        const Advice small = a.Run(), large = b.Run();
        EXPECT_EQ(Shorts(small), Shorts(large)) << seed;
        EXPECT_NEAR(large.cost_after, 4 * small.cost_after, 1e-6 * large.cost_after);
    }
}

} // namespace
} // namespace pg_advisor::testing
