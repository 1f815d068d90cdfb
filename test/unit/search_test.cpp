/*
 * The search against brute force, and in the situations that are hard for it.
 */
#include "random_instance.hpp"

#include <gtest/gtest.h>

namespace pg_advisor::testing
{
namespace
{

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

/* Asked again once they exist, nothing of what was created comes again or is refined. */
TEST(Properties, FollowedAdviceIsNotRefined)
{
    for (unsigned seed = 1; seed <= 40; seed++)
    {
        Scenario s;
        RandomScenario(s, seed);
        Oid32 oid = 5000;
        for (const Suggestion &suggestion : s.Run().suggestions)
        {
            ExistingIndex created;
            created.oid = oid++;
            created.name = "created";
            created.spec = suggestion.index;
            created.bytes = suggestion.bytes;
            s.catalog.at(suggestion.index.relation).indexes.push_back(created);
        }
        for (const Suggestion &again : s.Run().suggestions)
            for (const ExistingIndex &created : s.catalog.at(again.index.relation).indexes)
            {
                IndexSpec keys = created.spec;
                keys.include.clear();
                EXPECT_FALSE(IsPrefixOf(keys, again.index)) << seed << ": " << Short(again.index);
            }
    }
}

/* A workload is never recorded the same twice: a few percent more or less of a statement make no other indexes. */
TEST(Properties, NearlyTheSameWorkloadGivesTheSameIndexes)
{
    std::size_t all = 0, differ = 0;
    for (unsigned seed = 1; seed <= 12; seed++)
    {
        Scenario a, b;
        RandomScenario(a, seed, 16);
        RandomScenario(b, seed, 16);
        std::mt19937 random(seed * 77);
        for (StatementInfo &statement : b.workload)
        {
            const double factor = std::uniform_real_distribution<double>(0.95, 1.05)(random);
            statement.calls *= factor;
            statement.total_time *= factor;
            for (double &weight : statement.weights)
                weight *= factor;
        }
        const Vector<String> names = Shorts(a.Run()), again = Shorts(b.Run());
        all += names.size();
        for (const String &name : names)
            differ += std::find(again.begin(), again.end(), name) == again.end();
    }
    EXPECT_LE(static_cast<double>(differ), 0.05 * static_cast<double>(all));
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
