/*
 * Statements that stand for others, and that advice found with them is confirmed by all.
 */
#include "fake_planner.hpp"

#include "advise/compress.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pg_advisor::testing
{
namespace
{

TableInfo &Order(Scenario &s)
{
    TableInfo &t = s.Add(Table(1, "order", 100000, 1200));
    Column(t, "id", 8, 100000, 1);
    Column(t, "customer_id", 4, 9000);
    Column(t, "product_id", 4, 3000);
    Column(t, "shop_id", 4, 500);
    return t;
}

Vector<StatementInfo> Compressed(Scenario &s, const Vector<double> &costs, std::size_t most)
{
    Deadline never(nullptr, 0, s.planner);
    return Compress(s.workload, costs, most, never).statements;
}

TEST(Compress, SameConditionsBecomeOne)
{
    Scenario s;
    Order(s);
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(2, 1e-4)}, {}, {1}));
    s.Sample(s.Statement(5), 5, Facts(1, {Equal(2, 1e-4)}, {}, {3, 4}));
    s.Sample(s.Statement(1), 1, Facts(1, {Equal(3, 1e-4)}, {}, {1}));
    const Vector<StatementInfo> fewer = Compressed(s, {1000, 500, 100}, 1000);
    ASSERT_EQ(fewer.size(), 2U);
    EXPECT_EQ(fewer[0].queryid, 1000);
    EXPECT_DOUBLE_EQ(fewer[0].calls, 15); /* costs 1500, 100 a call */
    EXPECT_DOUBLE_EQ(fewer[0].weights[0], 15);
    EXPECT_DOUBLE_EQ(fewer[0].total_time, 150);
    EXPECT_EQ(fewer[1].queryid, 3000);
}

TEST(Compress, TheOthersAddTheirCostToTheMostAlike)
{
    Scenario s;
    Order(s);
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(2, 1e-4)}));
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(3, 1e-4)}));
    s.Sample(s.Statement(1), 1, Facts(1, {Equal(3, 1e-4), Equal(4, 1e-4)}));
    const Vector<StatementInfo> fewer = Compressed(s, {1000, 900, 90}, 2);
    ASSERT_EQ(fewer.size(), 2U);
    EXPECT_DOUBLE_EQ(fewer[0].calls, 10);
    EXPECT_EQ(fewer[1].queryid, 2000);
    EXPECT_DOUBLE_EQ(fewer[1].calls, 11);
}

/* The order of the workload must not decide what is suggested. */
TEST(Compress, OrderDoesNotMatter)
{
    Scenario s;
    Order(s);
    for (std::int16_t column : {2, 3, 4})
        s.Sample(s.Statement(10), 10, Facts(1, {Equal(column, 1e-4)}));
    const Vector<StatementInfo> one = Compressed(s, {100, 100, 100}, 2);
    std::reverse(s.workload.begin(), s.workload.end());
    const Vector<StatementInfo> other = Compressed(s, {100, 100, 100}, 2);
    ASSERT_EQ(one.size(), other.size());
    for (std::size_t i = 0; i < one.size(); i++)
        EXPECT_EQ(one[i].queryid, other[i].queryid);
}

/* Same answer, and figures that are those of all statements. */
TEST(Compress, AdviceIsThatOfAllStatements)
{
    Scenario s;
    Order(s);
    for (int i = 0; i < 30; i++)
        s.Sample(s.Statement(20), 20, Facts(1, {Equal(static_cast<std::int16_t>(2 + i % 3), 1e-4)}, {}, {1, 2}));
    const Advice all = s.Run();
    s.options.max_searched = 3;
    const Advice fewer = s.Run();
    EXPECT_EQ(Shorts(fewer), Shorts(all));
    EXPECT_NEAR(fewer.cost_before, all.cost_before, 1e-6);
    EXPECT_NEAR(fewer.cost_after, all.cost_after, 1e-6);
    ASSERT_FALSE(fewer.suggestions.empty());
    EXPECT_EQ(fewer.suggestions[0].helped.size(), all.suggestions[0].helped.size());
}

} // namespace
} // namespace pg_advisor::testing
