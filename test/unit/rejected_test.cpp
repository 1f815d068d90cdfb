/*
 * What stands against the indexes that are not suggested, over the fake planner and over tables of costs.
 */
#include "random_instance.hpp"

#include "advise/rejected.hpp"
#include "present/rejections.hpp"

#include <gtest/gtest.h>

namespace pg_advisor::testing
{
namespace
{

/* The search over an instance, and its explanation. */
Vector<Rejection> Explain(Instance &instance, const AdvisorOptions &options, Advice *advice)
{
    Evaluator evaluator(instance.workload, instance.catalog, instance.model);
    evaluator.AddCandidates(instance.candidates);
    Deadline deadline(nullptr, 0, instance.model);
    const SearchLimits limits{options.storage_budget, options.max_indexes, options.min_improvement};
    Considered considered;
    considered.chosen = Search(evaluator, instance.pool, limits, deadline, deadline).chosen;
    for (std::size_t number = 0; number < instance.candidates.size(); number++)
        considered.gains[number] = evaluator.Base().objective - evaluator.Of({number}).objective;
    advice->cost_before = evaluator.PlannerTotal({});
    for (std::size_t number : considered.chosen)
    {
        Suggestion suggestion;
        suggestion.index = instance.candidates[number].index;
        advice->suggestions.push_back(std::move(suggestion));
    }
    return ExplainRejections(instance.workload, instance.catalog, evaluator, options, considered, *advice, deadline);
}

Obstacle Only(Instance &instance, const AdvisorOptions &options = {})
{
    Advice advice;
    const Vector<Rejection> rejections = Explain(instance, options, &advice);
    EXPECT_EQ(rejections.size(), 1U);
    return rejections.empty() ? Obstacle::None : rejections.front().obstacle;
}

TEST(Rejected, DearerQueryIsNamedWithItsFigures)
{
    Instance instance;
    instance.AddIndex(10e6);
    instance.AddIndex(10e6);
    instance.AddQuery(1000, 10000, {{{0}, 100}, {{1}, 150}});
    instance.AddQuery(1, 100, {{{0}, 110}});
    Advice advice;
    const Vector<Rejection> rejections = Explain(instance, {}, &advice);
    ASSERT_EQ(rejections.size(), 1U);
    EXPECT_EQ(rejections[0].obstacle, Obstacle::Dearer);
    EXPECT_EQ(rejections[0].dearer.statement, 1U);
    EXPECT_DOUBLE_EQ(rejections[0].cost_before, 1000 * 10000 + 100);
    EXPECT_DOUBLE_EQ(rejections[0].cost_after, 1000 * 100 + 110);
    EXPECT_EQ(RejectionReason(rejections[0], {}, instance.workload, TableInfo(), {"other"}),
              "Query 2 would cost 110 instead of 100 a call, dearer by 10 %; 2.0 % is allowed.");
}

TEST(Rejected, SameWork)
{
    Instance instance;
    instance.AddIndex(10e6);
    instance.AddIndex(10e6);
    instance.AddQuery(1000, 10000, {{{0}, 100}, {{1}, 150}});
    Advice advice;
    const Vector<Rejection> rejections = Explain(instance, {}, &advice);
    ASSERT_EQ(rejections.size(), 1U);
    EXPECT_EQ(rejections[0].obstacle, Obstacle::SameWork);
    EXPECT_EQ(rejections[0].suggestion, std::optional<std::size_t>(0));
    EXPECT_EQ(RejectionReason(rejections[0], {}, instance.workload, TableInfo(), {"the other"}),
              "\"the other\", which is suggested, does the same work: beside it this one would save nothing in reading, "
              "instead of 9,850,000 alone.");
}

TEST(Rejected, EachObstacle)
{
    Instance upkeep;
    upkeep.AddIndex(10e6, 60000);
    upkeep.AddQuery(10, 10000, {{{0}, 100}});
    EXPECT_EQ(Only(upkeep), Obstacle::Upkeep);

    Instance unused;
    unused.AddIndex(10e6);
    unused.AddQuery(10, 10000, {});
    EXPECT_EQ(Only(unused), Obstacle::Unused);

    Instance little;
    little.AddIndex(10e6);
    little.AddQuery(10, 10000, {{{0}, 9900}});
    EXPECT_EQ(Only(little), Obstacle::NoHelp);
    little.model.plans[0][0].cost = 8000;
    AdvisorOptions options;
    options.min_improvement = 0.5;
    EXPECT_EQ(Only(little, options), Obstacle::BelowMinimum);

    Instance room;
    room.AddIndex(10e6);
    room.AddIndex(10e6);
    room.AddQuery(10, 10000, {{{0}, 100}});
    room.AddQuery(10, 9000, {{{1}, 100}});
    AdvisorOptions limited;
    limited.storage_budget = 15e6;
    EXPECT_EQ(Only(room, limited), Obstacle::Room);
    limited.storage_budget.reset();
    limited.max_indexes = 1;
    EXPECT_EQ(Only(room, limited), Obstacle::Number);
}

TEST(Rejected, NothingThatTheSearchOverlooked)
{
    for (unsigned seed = 1; seed <= 20; seed++)
    {
        Instance instance = RandomInstance(seed);
        AdvisorOptions options;
        if (seed % 2)
            options.storage_budget = 100e6;
        Advice advice;
        for (const Rejection &rejection : Explain(instance, options, &advice))
        {
            EXPECT_NE(rejection.obstacle, Obstacle::NotReached) << "seed " << seed << " " << Short(rejection.index);
            EXPECT_FALSE(RejectionReason(rejection, options, instance.workload, TableInfo(),
                                         Vector<String>(advice.suggestions.size(), "an_idx"))
                             .empty());
        }
    }
}

} // namespace
} // namespace pg_advisor::testing
