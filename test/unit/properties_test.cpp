/*
 * The properties that every advice has to have, over random small workloads. Seeds are fixed and named on failure.
 *
 * None of them has a time limit, because what a search finds until then depends on the machine; that it may be cut off
 * anywhere is tested with a clock that counts.
 */
#include "random_instance.hpp"

#include "advise/search_steps.hpp"

#include <gtest/gtest.h>

namespace pg_advisor::testing
{
namespace
{

/* --- the search over random tables of costs --- */

/* As Instance::Solve, with all that is known of the result. */
struct Solved
{
    Solved(Instance &from, const SearchLimits &limits, double (*clock)() = nullptr, double limit_ms = 0)
        : instance(from), evaluator(from.workload, from.catalog, from.model)
    {
        evaluator.AddCandidates(from.candidates);
        Deadline deadline(clock, limit_ms, from.model);
        state = Search(evaluator, from.pool, limits, deadline, deadline);
    }
    State Without(std::size_t number) { return evaluator.Apply(state, {}, {number}); }
    bool Uses(std::size_t number)
    {
        for (std::size_t slot = 0; slot < evaluator.Slots().size(); slot++)
            for (IndexId id : evaluator.Plans().Exact(slot, state.chosen).used)
                if (id == instance.candidates[number].id)
                    return true;
        return false;
    }

    Instance &instance;
    Evaluator evaluator;
    State state;
};

double AllBytes(const Instance &instance)
{
    double all = 0;
    for (double bytes : instance.model.bytes)
        all += bytes;
    return all;
}

SearchLimits Budget(double bytes)
{
    SearchLimits limits;
    limits.budget = bytes;
    return limits;
}

void ExpectValid(const Solved &solved, const SearchLimits &limits)
{
    EXPECT_TRUE(solved.state.allowed);
    EXPECT_LE(solved.state.bytes, limits.budget.value_or(1e300));
    EXPECT_LE(static_cast<int>(solved.state.chosen.size()), limits.max_indexes.value_or(1000));
    EXPECT_LE(solved.state.objective, solved.evaluator.Base().objective);
    for (std::size_t i = 0; i < solved.state.costs.size(); i++)
        EXPECT_LE(solved.state.costs[i], solved.evaluator.Slots()[i].base * 1.02 + 1) << "query " << i;
}

TEST(Properties, EveryIndexIsWorthItsPlace)
{
    for (unsigned seed = 1; seed <= 30; seed++)
    {
        SCOPED_TRACE(::testing::Message() << "seed " << seed);
        Instance instance = RandomInstance(seed);
        const SearchLimits limits = seed % 2 ? Budget(0.4 * AllBytes(instance)) : SearchLimits();
        Solved solved(instance, limits);
        ExpectValid(solved, limits);
        for (std::size_t number : solved.state.chosen)
        {
            const State without = solved.Without(number);
            EXPECT_TRUE(!without.allowed || solved.evaluator.Worth(without, solved.state, 0)) << "index " << number;
            EXPECT_TRUE(solved.Uses(number)) << "index " << number;
        }
    }
}

/* The search is no exhaustive one: with more room it may end in another local optimum. Of these instances it does in one, by
 * 0.42 %. */
TEST(Properties, MoreRoomIsHardlyEverWorse)
{
    int worse = 0;
    for (unsigned seed = 1; seed <= 25; seed++)
    {
        SCOPED_TRACE(::testing::Message() << "seed " << seed);
        Instance instance = RandomInstance(seed);
        Vector<SearchLimits> limits;
        for (double share : {0.0, 0.2, 0.4, 0.6, 1.0})
            limits.push_back(Budget(share * AllBytes(instance)));
        limits.push_back({});
        double least = std::numeric_limits<double>::infinity();
        bool lost = false;
        for (std::size_t i = 0; i < limits.size(); i++)
        {
            const double objective = instance.Solve(limits[i]).objective;
            EXPECT_LE(objective, least * 1.005) << "step " << i;
            lost = lost || objective > least;
            least = std::min(least, objective);
        }
        worse += lost;
    }
    EXPECT_LE(worse, 1);
}

TEST(Properties, NearTheBestOfAllSets)
{
    double sum = 0, worst = 0;
    int count = 0;
    for (unsigned seed = 101; seed <= 102; seed++)
        for (double share : {0.2, 0.6})
        {
            Instance instance = RandomInstance(seed, 12);
            const SearchLimits limits = Budget(share * AllBytes(instance));
            const double gap = instance.Solve(limits).objective / instance.Best(limits) - 1;
            EXPECT_LE(gap, 0.01) << "seed " << seed << " share " << share;
            sum += gap;
            worst = std::max(worst, gap);
            count++;
        }
    RecordProperty("mean_gap", std::to_string(sum / count));
    RecordProperty("worst_gap", std::to_string(worst));
    EXPECT_LE(sum / count, 0.001);
}

double ticks = 0; /* of the clock that counts how often it was read */

TEST(Properties, MayBeCutOffAnywhere)
{
    for (unsigned seed = 1; seed <= 12; seed++)
        for (double until : {0.0, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e9})
        {
            SCOPED_TRACE(::testing::Message() << "seed " << seed << " ticks " << until);
            Instance instance = RandomInstance(seed);
            const SearchLimits limits = Budget(0.4 * AllBytes(instance));
            ticks = 0;
            const Solved cut(instance, limits, [] { return ticks += 1; }, until);
            ExpectValid(cut, limits);
            if (until == 1e9)
            {
                EXPECT_EQ(cut.state.chosen, instance.Solve(limits).chosen);
            }
        }
}

TEST(Properties, WhatWasFoundBeforeTimeWasUpIsKept)
{
    Instance instance;
    for (IndexId id = 0; id < 20; id++)
    {
        instance.AddIndex(10e6);
        instance.AddQuery(10, 10000, {{{id}, 100}});
    }
    ticks = 0;
    const Solved cut(instance, {}, [] { return ticks += 1; }, 10);
    ExpectValid(cut, {});
    EXPECT_FALSE(cut.state.chosen.empty());
    EXPECT_LT(cut.state.chosen.size(), 20u);
}

/* What another index does as well was not asked about in time. */
TEST(Properties, WhatIsLeftWhenTimeWasUpIsWorthItsPlace)
{
    Instance instance;
    instance.AddIndex(10e6);
    instance.AddIndex(10e6);
    instance.AddQuery(10, 10000, {{{0}, 100}, {{1}, 101}});
    instance.AddQuery(10, 10000, {{{1}, 100}});
    instance.pool.together = {0, 1};
    Evaluator evaluator(instance.workload, instance.catalog, instance.model);
    evaluator.AddCandidates(instance.candidates);
    (void)evaluator.Of({0, 1});
    ticks = 0;
    Deadline passed([] { return ticks += 1; }, 0, instance.model), far(nullptr, 0, instance.model);
    const State guessed = Search(evaluator, instance.pool, {}, passed, passed);
    EXPECT_EQ(guessed.chosen, (Chosen{0, 1}));
    EXPECT_EQ(Settle(evaluator, guessed, {}, far).chosen, Chosen{1});
}

/* In a large search a query is only looked at with the indexes that its own plan used: beside the narrow one that was not
 * the wide one, which has to take its place. */
TEST(Properties, WhatAnotherIndexContainsGoesInALargeSearch)
{
    Instance instance;
    instance.AddIndex(10e6);
    instance.AddIndex(12e6);
    instance.candidates[1].index = instance.candidates[0].index;
    instance.candidates[1].index.include = {9};
    instance.AddQuery(10, 10000, {{{0}, 100}, {{1}, 101}});
    instance.AddQuery(10, 10000, {{{1}, 100}});
    instance.pool.together = {0, 1};
    instance.model.joins = 1e8;
    Evaluator evaluator(instance.workload, instance.catalog, instance.model);
    evaluator.AddCandidates(instance.candidates);
    for (std::size_t slot : {0, 1})
    {
        (void)evaluator.Plans().Plan(slot, {0, 1});
        evaluator.Plans().NoteTogether(slot, 100, {slot});
    }
    evaluator.Plans().NoteSingle(0, 1, 0); /* of use in company only */
    evaluator.Plans().Narrow();
    ASSERT_TRUE(evaluator.Plans().Forgetful());
    const State both = evaluator.Of({0, 1});
    const State without = evaluator.Apply(both, {}, {0});
    EXPECT_EQ(without.costs, (Vector<double>{101, 100}));
    EXPECT_EQ(evaluator.Plans().Affected({}, {1}), (Vector<std::size_t>{0, 1}));
}

/* Many that are not missed are dropped with few planner calls, and what is missed stays. */
TEST(Properties, ManyAreDroppedAtATime)
{
    Instance instance;
    constexpr IndexId kUseful = 30;
    Vector<Plan> plans;
    Vector<IndexId> used;
    for (IndexId id = 0; id <= kUseful; id++)
    {
        instance.AddIndex(10e6);
        instance.pool.together.push_back(id);
        used.insert(used.begin(), kUseful - id);
        plans.push_back({used, 100 - 0.1 * static_cast<double>(id)}); /* each of the others brings a tenth */
    }
    instance.AddQuery(10, 10000, std::move(plans));
    instance.pool.groups.clear();
    instance.model.joins = 1e8;
    Solved solved(instance, {});
    EXPECT_EQ(solved.state.chosen, Chosen{kUseful});
    const Pool none;
    Deadline far(nullptr, 0, instance.model);
    const SearchLimits limits;
    const SearchContext context{solved.evaluator, none, limits, far};
    State state = solved.evaluator.Of(instance.pool.together);
    const std::size_t before = instance.model.calls;
    DropByStake(context, state);
    EXPECT_EQ(state.chosen, Chosen{kUseful});
    EXPECT_LE(instance.model.calls - before, 12U);
}

/* More than min_improvement of the workload, but not noticeable for the statement. */
TEST(Properties, WhatIsNoHelpGoesHoweverLargeTheGain)
{
    Instance instance;
    instance.AddIndex(10e6);
    instance.AddIndex(10e6);
    instance.AddQuery(10, 10000, {{{0}, 5000}, {{0, 1}, 4700}});
    Evaluator evaluator(instance.workload, instance.catalog, instance.model);
    evaluator.AddCandidates(instance.candidates);
    Deadline far(nullptr, 0, instance.model);
    EXPECT_EQ(Settle(evaluator, evaluator.Of({0, 1}), {}, far).chosen, Chosen{0});
}

TEST(Properties, TheSameAgainAndInAnyOrder)
{
    for (unsigned seed = 1; seed <= 16; seed++)
    {
        Instance instance = RandomInstance(seed), turned = instance;
        std::reverse(turned.workload.begin(), turned.workload.end());
        const SearchLimits limits = Budget(0.5 * AllBytes(instance));
        const State first = instance.Solve(limits), again = instance.Solve(limits), other = turned.Solve(limits);
        EXPECT_EQ(first.chosen, again.chosen) << seed;
        EXPECT_EQ(first.objective, again.objective) << seed;
        EXPECT_EQ(first.chosen, other.chosen) << seed;
        EXPECT_EQ(first.objective, other.objective) << seed;
    }
}

TEST(Properties, DearerWritesNeverAddAnIndex)
{
    for (unsigned seed = 1; seed <= 20; seed++)
    {
        std::size_t last = 1000;
        for (double factor : {1.0, 4.0, 16.0, 64.0, 1024.0})
        {
            Instance instance = RandomInstance(seed);
            for (Priced &candidate : instance.candidates)
                candidate.write_cost = factor * (candidate.write_cost + candidate.bytes / 1e5);
            const std::size_t indexes = instance.Solve({}).chosen.size();
            EXPECT_LE(indexes, last) << "seed " << seed << " factor " << factor;
            last = indexes;
        }
    }
}

TEST(Properties, TwoHalvesAreOneWhole)
{
    for (unsigned seed = 1; seed <= 16; seed++)
    {
        Instance whole = RandomInstance(seed), halves = whole;
        StatementInfo &first = halves.workload.front();
        first.calls /= 2;
        first.weights = {first.calls};
        StatementInfo second = first;
        second.queryid = 1000;
        halves.workload.push_back(second);
        const SearchLimits limits = Budget(0.5 * AllBytes(whole));
        EXPECT_EQ(whole.Solve(limits).chosen, halves.Solve(limits).chosen) << seed;
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
