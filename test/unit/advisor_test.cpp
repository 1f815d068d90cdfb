/*
 * The advice end to end over the fake planner: the situations in which advisors go wrong.
 */
#include "fake_planner.hpp"

#include <gtest/gtest.h>

namespace pg_advisor::testing
{
namespace
{

using Names = Vector<String>;

/* id, team, state (4), opened, requester, subject */
TableInfo &Ticket(Scenario &s)
{
    TableInfo &t = s.Add(Table(1, "ticket", 120000, 1500));
    Column(t, "id", 8, 120000, 1);
    Column(t, "team_id", 4, 40);
    Column(t, "state", 4, 4);
    Column(t, "opened_at", 8, 100000);
    Column(t, "requester", 9, 4000);
    Column(t, "subject", 29, 120000);
    return t;
}

TEST(Advisor, EqualitiesThenOrder)
{
    Scenario s;
    Ticket(s);
    StatementInfo &q = s.Statement(60);
    for (double state : {0.2, 0.21})
        s.Sample(q, 30, Facts(1, {Equal(2, 1.0 / 40), Equal(3, state)}, {{Key(4)}}, {1, 4, 6}), 25);
    EXPECT_EQ(Shorts(s.Run()), Names{"1(2,3,4)"});
}

TEST(Advisor, DirectionsOfAMixedOrder)
{
    Scenario s;
    Ticket(s);
    StatementInfo &q = s.Statement(50);
    s.Sample(q, 50, Facts(1, {Equal(2, 1.0 / 40)}, {{Key(3, true), Key(4)}}, {0}), 24);
    EXPECT_EQ(Shorts(s.Run()), Names{"1(2,3,4d)"}); /* = (team_id, state DESC, opened_at) read backwards */
}

TEST(Advisor, SparseTenantNeedsTheTenantInFront)
{
    Scenario s;
    TableInfo &t = s.Add(Table(1, "invoice", 120000, 1100));
    Column(t, "id", 8, 120000, 1);
    Column(t, "tenant_id", 4, 12);
    Column(t, "issued_at", 8, 120000, 1);
    Column(t, "amount", 4, 9000);
    Column(t, "memo", 21, 120000);
    StatementInfo &q = s.Statement(63);
    for (double weight : {20.0, 20.0, 20.0})
        s.Sample(q, weight, Facts(1, {Equal(2, 1.0 / 12)}, {{Key(3, true)}}, {1, 4, 5, 3}), 20);
    s.Sample(q, 3, Facts(1, {Equal(2, 1e-6)}, {{Key(3, true)}}, {1, 4, 5, 3}), 20);
    EXPECT_EQ(Shorts(s.Run()), Names{"1(2,3)"});
}

TEST(Advisor, ConstantColumnNeverEntersAKey)
{
    Scenario s;
    TableInfo &t = s.Add(Table(1, "waybill", 90000, 1000));
    Column(t, "id", 4, 90000, 1);
    Column(t, "service_level", 25, 1);
    Column(t, "waybill_no", 10, 90000);
    Column(t, "depot", 4, 60);
    StatementInfo &q = s.Statement(60);
    s.Sample(q, 30, Facts(1, {Equal(2, 1), Equal(3, 1.0 / 90000)}, {}, {1, 4}));
    s.Sample(q, 30, Facts(1, {Equal(2, 1), Equal(3, 1.0 / 90000)}, {}, {1, 4}));
    EXPECT_EQ(Shorts(s.Run()), Names{"1(3)"});
}

TEST(Advisor, PartialIndexForTheRareConstant)
{
    Scenario s;
    TableInfo &t = s.Add(Table(1, "job", 120000, 1300));
    Column(t, "id", 8, 120000, 1);
    Column(t, "state", 5, 3);
    Column(t, "run_at", 8, 80000);
    Column(t, "attempts", 4, 1);
    Column(t, "payload", 33, 120000);
    const ClauseFact pending = Constant(2, 1.0 / 150, "state = 'pending'");
    StatementInfo &poll = s.Statement(50);
    s.Sample(poll, 25, Facts(1, {pending, Range(3, 0.5)}, {{Key(3)}}, {0}), 5);
    s.Sample(poll, 25, Facts(1, {pending, Range(3, 0.6)}, {{Key(3)}}, {0}), 5);
    StatementInfo &count = s.Statement(15);
    s.Sample(count, 15, Facts(1, {pending, Range(3, 0.7)}, {}, {2, 3}));
    EXPECT_EQ(Shorts(s.Run()), Names{"1(3)?state = 'pending'"});
}

TEST(Advisor, NoPartialIndexWhenConstantsDiffer)
{
    Scenario s;
    Ticket(s);
    StatementInfo &q = s.Statement(50);
    s.Sample(q, 25, Facts(1, {Constant(3, 0.1, "state = 'open'")}, {{Key(4)}}, {0}), 5);
    s.Sample(q, 25, Facts(1, {Constant(3, 0.1, "state = 'held'")}, {{Key(4)}}, {0}), 5);
    EXPECT_EQ(Shorts(s.Run()), Names{"1(3,4)"});
}

TEST(Advisor, RareParameterIsNoise)
{
    Scenario s;
    TableInfo &t = s.Add(Table(1, "task", 80000, 680));
    Column(t, "id", 4, 80000, 1);
    Column(t, "state", 5, 6);
    Column(t, "effort", 4, 40);
    Column(t, "finished_on", 4, 700);
    Column(t, "title", 10, 80000);
    StatementInfo &q = s.Statement(50);
    s.Sample(q, 49, Facts(1, {Equal(2, 0.97)}, {}, {2, 3, 4}));
    s.Sample(q, 1, Facts(1, {Equal(2, 0.006)}, {}, {2, 3, 4}));
    EXPECT_TRUE(s.Run().suggestions.empty());
}

TEST(Advisor, CostIsNotTime)
{
    Scenario s;
    TableInfo &t = s.Add(Table(1, "web_order", 80000, 1740));
    Column(t, "id", 4, 80000, 1);
    Column(t, "customer_id", 4, 34000);
    Column(t, "created_at", 8, 80000, 1);
    Column(t, "address", 40, 80000);
    Column(t, "items", 71, 1);
    StatementInfo &q = s.Statement(12);
    s.Sample(q, 12, Facts(1, {}, {{Key(2), Key(3, true)}}, {2, 3, 4, 5}));
    EXPECT_TRUE(s.Run().suggestions.empty());
}

TEST(Advisor, HotUpdatedColumnStaysUnindexed)
{
    Scenario s;
    TableInfo &t = s.Add(Table(1, "web_session", 20000, 210));
    Column(t, "id", 4, 20000, 1);
    Column(t, "user_id", 4, 7000);
    Column(t, "last_seen", 8, 20000);
    t.updates = 30000;
    t.hot_updates = 29000;
    StatementInfo &update = s.Statement(30000);
    update.writes = {{1, false, {3}, 0}};
    StatementInfo &read = s.Statement(6);
    s.Sample(read, 6, Facts(1, {Range(3, 0.02)}, {}, {3}));
    EXPECT_TRUE(s.Run().suggestions.empty());
    s.workload[0].calls = 20; /* read-mostly: worth it */
    EXPECT_EQ(Shorts(s.Run()), Names{"1(3)"});
}

TEST(Advisor, BothArmsOfAnOr)
{
    Scenario s;
    TableInfo &t = s.Add(Table(1, "parcel", 100000, 1100));
    Column(t, "id", 8, 100000, 1);
    Column(t, "sender_id", 4, 9000);
    Column(t, "tracking_code", 10, 100000);
    StatementInfo &q = s.Statement(50);
    s.Sample(q, 50, Facts(1, {Arm(2, 1.0 / 9000), Arm(3, 1e-5)}, {}, {1}));
    const Advice advice = s.Run();
    EXPECT_EQ(Shorts(advice), (Names{"1(2)", "1(3)"}));
    ASSERT_EQ(advice.suggestions.size(), 2U);
    EXPECT_FALSE(advice.suggestions[0].helped.empty());
    EXPECT_DOUBLE_EQ(advice.suggestions[0].cost_after, advice.suggestions[1].cost_before);
    EXPECT_LT(advice.suggestions[1].cost_after, advice.suggestions[1].cost_before / 10);
}

TEST(Advisor, CoveringOnlyWhereItPays)
{
    for (const double visible : {1.0, 0.0})
    {
        Scenario s;
        TableInfo &t = s.Add(Table(1, "card_payment", 80000, 1500));
        t.all_visible = visible;
        Column(t, "id", 4, 80000, 1);
        Column(t, "account_id", 4, 6000);
        Column(t, "amount", 4, 40000);
        Column(t, "note", 41, 1);
        StatementInfo &q = s.Statement(50);
        s.Sample(q, 50, Facts(1, {Range(2, 0.05)}, {}, {2, 3}));
        const Names names = Shorts(s.Run());
        if (visible > 0.5)
            EXPECT_EQ(names, Names{"1(2)+3"});
        else
            EXPECT_TRUE(names.empty() || names == Names{"1(2)"});
    }
}

TEST(Advisor, WebshopFourIndexes)
{
    Scenario s;
    TableInfo &o = s.Add(Table(1, "sales_order", 60000, 560));
    Column(o, "id", 4, 60000, 1);
    Column(o, "customer_id", 4, 600);
    Column(o, "state", 8, 2);
    Column(o, "placed_at", 8, 55000);
    Column(o, "ref", 7, 60000);
    Column(o, "total", 4, 900);
    TableInfo &l = s.Add(Table(2, "sales_line", 90000, 600));
    Column(l, "id", 4, 90000, 1);
    Column(l, "order_id", 4, 46000);
    Column(l, "article", 5, 700);
    Column(l, "quantity", 4, 5);
    const double customer = 1.0 / 600;
    s.Sample(s.Statement(20), 20, Facts(1, {Equal(2, customer)}, {}, {1}));
    s.Sample(s.Statement(20), 20, Facts(1, {Equal(2, customer)}, {{Key(4, true)}}, {1, 6, 4}), 10);
    s.Sample(s.Statement(20), 20, Facts(1, {Equal(2, customer), Range(4, 0.3)}, {}, {2, 4}));
    s.Sample(s.Statement(20), 20, Facts(1, {Constant(3, 1.0 / 120, "state = 'pending'")}, {{Key(4)}}, {1, 3, 4}), 20);
    s.Sample(s.Statement(20), 20, Facts(1, {Equal(5, 1.0 / 60000)}, {}, {1, 3, 5}));
    s.Sample(s.Statement(20), 20, Facts(2, {Equal(2, 1.0 / 46000)}, {}, {2, 3, 4}));
    const Names names = Shorts(s.Run());
    ASSERT_EQ(names.size(), 4U) << ::testing::PrintToString(names);
    EXPECT_EQ(names[0].substr(0, 6), "1(2,4)");
    EXPECT_EQ(names[1], "1(4)?state = 'pending'");
    EXPECT_EQ(names[2], "1(5)");
    EXPECT_EQ(names[3], "2(2)");
}

TEST(Advisor, ExistingIndexesServe)
{
    Scenario s;
    TableInfo &t = Ticket(s);
    ExistingIndex existing;
    existing.oid = 900;
    existing.name = "ticket_team";
    existing.spec.relation = 1;
    existing.spec.keys = {Key(2), Key(4)};
    t.indexes.push_back(existing);
    StatementInfo &q = s.Statement(100);
    s.Sample(q, 100, Facts(1, {Equal(2, 1.0 / 4000)}, {}, {0}));
    EXPECT_TRUE(s.Run().suggestions.empty());
}

TEST(Advisor, NothingForSmallTemporaryOrUnanalyzedTables)
{
    for (int variant = 0; variant < 5; variant++)
    {
        Scenario s;
        TableInfo &t = Ticket(s);
        if (variant == 0)
            t.rows = 60, t.pages = 1;
        t.temporary = variant == 1;
        t.catalog = variant == 2;
        t.analyzed = variant != 3;
        t.ordinary = variant != 4;
        StatementInfo &q = s.Statement(100000);
        s.Sample(q, 100000, Facts(1, {Equal(5, 1.0 / 4000)}, {}, {0}));
        EXPECT_TRUE(s.Run().suggestions.empty()) << variant;
    }
}

TEST(Advisor, RowsChainAndTimeIsSaved)
{
    Scenario s;
    Ticket(s);
    s.Sample(s.Statement(100), 100, Facts(1, {Equal(5, 1.0 / 4000)}, {}, {0}));
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(6, 1.0 / 120000)}, {}, {0}));
    const Advice advice = s.Run();
    ASSERT_EQ(advice.suggestions.size(), 2U);
    EXPECT_EQ(Short(advice.suggestions[0].index), "1(5)"); /* more calls first */
    EXPECT_DOUBLE_EQ(advice.suggestions[0].cost_before, advice.cost_before);
    EXPECT_DOUBLE_EQ(advice.suggestions[0].cost_after, advice.suggestions[1].cost_before);
    EXPECT_DOUBLE_EQ(advice.suggestions[1].cost_after, advice.cost_after);
    EXPECT_GT(advice.suggestions[0].time_saved, 900); /* of 1000 ms */
    EXPECT_LE(advice.suggestions[0].time_saved, 1000);
    EXPECT_GT(advice.suggestions[1].time_saved, 90);
}

TEST(Advisor, ASingleRunIsNoReasonInARunningSystem)
{
    Scenario s;
    Ticket(s);
    s.Sample(s.Statement(1), 1, Facts(1, {Equal(5, 1.0 / 4000)}, {}, {0}));
    EXPECT_EQ(s.Run().suggestions.size(), 1U); /* somebody tries it out */
    StatementInfo &regular = s.Statement(30);
    s.Sample(regular, 30, Facts(1, {Range(1, 0.9)}, {}, {0}));
    s.options.min_improvement = 0;
    EXPECT_TRUE(s.Run().suggestions.empty());
    s.workload[0].queryid = 0; /* a text that the caller asks about */
    EXPECT_EQ(s.Run().suggestions.size(), 1U);
}

TEST(Advisor, QueriesThatCannotBePlannedAreLeftOut)
{
    class Failing : public FakePlanner
    {
      public:
        using FakePlanner::FakePlanner;
        PlanCost Cost(QueryId id, const Configuration &configuration) override
        {
            if (id == 0)
                throw Failure("42P01", "gone");
            return FakePlanner::Cost(id, configuration);
        }
    };
    Scenario s;
    Ticket(s);
    Failing planner(s.catalog);
    for (double selectivity : {0.5, 1.0 / 4000})
    {
        FakeQuery query;
        query.facts.relations.push_back(Facts(1, {Equal(5, selectivity)}, {}, {0}));
        StatementInfo &statement = s.Statement(10);
        statement.facts = {query.facts};
        statement.weights = {10};
        statement.queries = {planner.AddQuery(query)};
    }
    const Advice advice = SuggestIndexes(s.workload, s.catalog, planner, s.options, nullptr);
    EXPECT_EQ(Shorts(advice), Names{"1(5)"});
}

TEST(Advisor, ReportsPhasesInOrderAndBetterSets)
{
    Scenario s;
    Ticket(s);
    s.Sample(s.Statement(100), 100, Facts(1, {Equal(5, 1.0 / 4000)}, {}, {0}));
    const Advice advice = s.Run();
    ASSERT_EQ(advice.suggestions.size(), 1u);
    const Vector<SearchProgress> &reports = s.planner.reports;
    ASSERT_FALSE(reports.empty());
    EXPECT_EQ(reports.front().phase, Phase::Preparing);
    EXPECT_FALSE(reports.front().cost_before);
    EXPECT_EQ(reports.back().phase, Phase::Dropping);
    EXPECT_EQ(reports.back().candidates, 1u);
    EXPECT_TRUE(std::is_sorted(reports.begin(), reports.end(), [](const SearchProgress &left, const SearchProgress &right) {
        return left.phase < right.phase;
    }));
    EXPECT_TRUE(std::any_of(reports.begin(), reports.end(), [](const SearchProgress &report) {
        return report.phase == Phase::Searching && report.cost && *report.cost < *report.cost_before / 10;
    }));
}

TEST(Advisor, TimeLimitGivesAValidAnswer)
{
    Scenario s;
    Ticket(s);
    s.Sample(s.Statement(100), 100, Facts(1, {Equal(5, 1.0 / 4000)}, {}, {0}));
    s.options.time_limit_ms = 0;
    static double now = 0;
    const Advice advice = SuggestIndexes(s.workload, s.catalog, s.planner, s.options, [] { return now += 1; });
    EXPECT_TRUE(advice.timed_out);
    EXPECT_LE(advice.cost_after, advice.cost_before);
}

/* How often the second of two queries is planned, which is a two-hundredth of the cost. */
std::size_t PlanningsOfTheSmallOne(double joins, double min_improvement, Names *suggested)
{
    Scenario s;
    Ticket(s);
    s.options.min_improvement = min_improvement;
    s.Sample(s.Statement(1000), 1000, Facts(1, {Equal(5, 1.0 / 4000)}, {}, {0}));
    s.Sample(s.Statement(5), 5, Facts(1, {Equal(2, 1.0 / 40), Equal(3, 0.2)}, {{Key(4)}}, {1, 4, 6}), 25);
    s.planner.TriesJoins(1, joins);
    *suggested = Shorts(s.Run());
    return s.planner.calls_of[1];
}

TEST(Advisor, WhatIsDearToPlanAndCheapToRunIsSpared)
{
    Names suggested;
    const std::size_t usual = PlanningsOfTheSmallOne(0, 0.01, &suggested);
    EXPECT_EQ(suggested, Names{"1(5)"});
    EXPECT_LT(PlanningsOfTheSmallOne(100000, 0.01, &suggested), usual);
    EXPECT_EQ(suggested, Names{"1(5)"});
}

/* Whoever asks for small gains gets them, dear to plan or not. */
TEST(Advisor, WhatIsWorthItByTheCallersMeasureIsNotSpared)
{
    Names usual, dear;
    PlanningsOfTheSmallOne(0, 0.0001, &usual);
    EXPECT_EQ(usual.size(), 2u);
    PlanningsOfTheSmallOne(100000, 0.0001, &dear);
    EXPECT_EQ(dear, usual);
}

} // namespace
} // namespace pg_advisor::testing
