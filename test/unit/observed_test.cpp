/*
 * Counted rows against estimates: what they take away from a plan, and what is said of it.
 */
#include "advise/decision_cost.hpp"
#include "fake_planner.hpp"
#include "present/reasons.hpp"

#include <gtest/gtest.h>

namespace pg_advisor::testing
{
namespace
{

using Names = Vector<String>;

TableInfo &Detail(Scenario &s)
{
    TableInfo &t = s.Add(Table(1, "detail", 100000, 2000));
    Column(t, "big_id", 4, 50000);
    Column(t, "amount", 4, 1000);
    Column(t, "pad", 60, 100000);
    return t;
}

/* A lookup that the planner takes to be cheap. */
void Lookup(Scenario &s, double counted, double counted_without)
{
    Detail(s);
    StatementInfo &q = s.Statement(10);
    s.Sample(q, 10, Facts(1, {Equal(1, 1.0 / 50000)}), 0, 1, counted, counted_without);
}

Slot SlotOf(double base, double correction)
{
    Slot slot;
    slot.base = base;
    slot.base_correction = correction;
    return slot;
}

TEST(Observed, WithoutCountsNothingChanges)
{
    EXPECT_EQ(BelievedCost(70, 0, SlotOf(100, 0)), 70);
}

TEST(Observed, CountsTakeCreditAwayAndAddNone)
{
    EXPECT_DOUBLE_EQ(BelievedCost(20, 380, SlotOf(100, 400)), 80);  /* 400 of 500 */
    EXPECT_DOUBLE_EQ(BelievedCost(20, 980, SlotOf(100, 100)), 500); /* dearer than without */
    EXPECT_DOUBLE_EQ(BelievedCost(80, 0, SlotOf(100, 900)), 80);    /* 80 of 1000 is not believed either */
}

TEST(Observed, IndexIsSuggestedAsLongAsNothingWasCounted)
{
    Scenario s;
    Lookup(s, 1, 1);
    const Advice advice = s.Run();
    EXPECT_EQ(Shorts(advice), Names{"1(1)"});
    EXPECT_TRUE(advice.withheld.empty());
    EXPECT_FALSE(advice.suggestions[0].helped[0].doubt);
}

TEST(Observed, IndexIsWithheldAndNamed)
{
    Scenario s;
    Lookup(s, 10000, 1);
    const Advice advice = s.Run();
    EXPECT_TRUE(advice.suggestions.empty());
    ASSERT_EQ(advice.withheld.size(), 1U);
    const Withheld &withheld = advice.withheld[0];
    ASSERT_EQ(withheld.indexes.size(), 1U);
    EXPECT_EQ(withheld.indexes[0].keys[0].column, 1);
    EXPECT_LT(withheld.planner_after, withheld.planner_before);
    EXPECT_GT(withheld.corrected_after, withheld.corrected_before);
    EXPECT_EQ(withheld.doubt.counted_rows, 10000);
    const String detail = WithheldDetail(withheld, s.workload);
    EXPECT_NE(detail.find("expects 1 row of a step that gave 10,000 when it ran"), String::npos) << detail;
}

/* A few statements stand for all while the set is searched; what they tell is told of the right one. */
TEST(Observed, IndexIsWithheldWhereSomeStatementsStandForAll)
{
    Scenario s;
    Detail(s);
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(2, 1.0 / 1000)}));
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(2, 1.0 / 1000)}));
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(1, 1.0 / 50000)}), 0, 1, 10000, 1);
    s.options.max_searched = 2;
    const Advice advice = s.Run();
    ASSERT_EQ(advice.withheld.size(), 1U);
    EXPECT_EQ(advice.withheld[0].statement, 2U);
    EXPECT_EQ(advice.withheld[0].doubt.counted_rows, 10000);
}

TEST(Observed, ConfirmedIndexSaysSo)
{
    Scenario s;
    Lookup(s, 20, 2);
    const Advice advice = s.Run();
    ASSERT_EQ(Shorts(advice), Names{"1(1)"});
    EXPECT_TRUE(advice.withheld.empty());
    EXPECT_EQ(advice.suggestions[0].helped[0].doubt->counted_rows, 20);
    const String reason = SuggestionReason(advice.suggestions[0], advice.cost_before, s.workload, s.catalog.at(1));
    EXPECT_NE(reason.find("a step gave 20 rows and the planner expects 1."), String::npos) << reason;
}

TEST(Observed, FewLookupsAreNamedAsTheReason)
{
    Scenario s;
    Lookup(s, 10000, 1);
    Withheld withheld = s.Run().withheld.at(0);
    withheld.doubt = {1, 1, 400};
    EXPECT_EQ(WithheldMessage(withheld, "x"), "an index was withheld, because the planner takes lookups in it to cost too little: x");
    const String detail = WithheldDetail(withheld, s.workload);
    EXPECT_NE(detail.find("shares the pages that lookups read among more of them than the 400 of its plan"), String::npos)
        << detail;
}

TEST(Observed, EachKindOfDoubtIsExplainedOnce)
{
    Scenario s;
    Lookup(s, 20, 2);
    Suggestion suggestion = s.Run().suggestions.at(0);
    const HelpedStatement counted = suggestion.helped.at(0);
    HelpedStatement lookups = counted;
    lookups.doubt = Doubt{1, 1, 400};
    suggestion.helped = {lookups, counted, lookups};
    const String reason = SuggestionReason(suggestion, 1000, s.workload, s.catalog.at(1));
    EXPECT_NE(reason.find("a step gave 20 rows and the planner expects 1. "), String::npos) << reason;
    const std::size_t first = reason.find("Corrected costs are those of 400 lookups;");
    ASSERT_NE(first, String::npos) << reason;
    EXPECT_EQ(reason.find("of 400 lookups", first + 30), String::npos) << reason;
}

/* With the index the query is dearer than the planner thinks, by more than it is without. */
TEST(Observed, TimeSavedIsTheLesser)
{
    Scenario plain, counted;
    Lookup(plain, 1, 1);
    Lookup(counted, 20, 2);
    EXPECT_LT(counted.Run().suggestions[0].time_saved, plain.Run().suggestions[0].time_saved);
}

} // namespace
} // namespace pg_advisor::testing
