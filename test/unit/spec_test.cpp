/*
 * Comparisons of definitions, coverage, write cost, candidate shapes.
 */
#include "fake_planner.hpp"

#include "advise/candidate_shapes.hpp"
#include "advise/candidates.hpp"
#include "advise/decision_cost.hpp"
#include "advise/evaluator.hpp"
#include "advise/redundancy.hpp"
#include "advise/write_cost.hpp"

#include <gtest/gtest.h>

namespace pg_advisor::testing
{
namespace
{

IndexSpec Spec(Vector<KeyPart> keys, Vector<std::int16_t> include = {}, std::string_view predicate = {})
{
    IndexSpec index;
    index.relation = 1;
    index.keys = std::move(keys);
    index.include = std::move(include);
    index.predicate = predicate;
    return index;
}

TEST(IndexSpec, PrefixesAndReversals)
{
    EXPECT_TRUE(IsPrefixOf(Spec({Key(1)}), Spec({Key(1), Key(2)})));
    EXPECT_FALSE(IsPrefixOf(Spec({Key(2)}), Spec({Key(1), Key(2)})));
    EXPECT_TRUE(IsPrefixOf(Spec({Key(1, true)}), Spec({Key(1), Key(2)})));
    EXPECT_TRUE(IsPrefixOf(Spec({Key(1, true), Key(2)}), Spec({Key(1), Key(2, true)})));
    EXPECT_FALSE(IsPrefixOf(Spec({Key(1), Key(2, true)}), Spec({Key(1), Key(2)})));
    KeyPart nulls_first = Key(1);
    nulls_first.nulls_first = true;
    EXPECT_FALSE(IsPrefixOf(Spec({nulls_first}), Spec({Key(1)})));
    EXPECT_FALSE(IsPrefixOf(Spec({nulls_first}), Spec({Key(1, true)}))); /* reversed: DESC NULLS LAST */
    EXPECT_TRUE(IsPrefixOf(Spec({Key(1)}, {2}), Spec({Key(1), Key(2)})));
    EXPECT_TRUE(IsPrefixOf(Spec({Key(1)}), Spec({Key(1)}, {2})));
    EXPECT_FALSE(IsPrefixOf(Spec({Key(1)}, {2}), Spec({Key(1)})));
    EXPECT_FALSE(IsPrefixOf(Spec({Key(1)}, {}, "a = 1"), Spec({Key(1)})));
    KeyPart pattern = Key(1);
    pattern.opclass = 4217;
    EXPECT_FALSE(IsPrefixOf(Spec({pattern}), Spec({Key(1)})));
    IndexSpec unique = Spec({Key(1)});
    unique.unique = true;
    EXPECT_FALSE(IsPrefixOf(unique, Spec({Key(1), Key(2)})));
    EXPECT_TRUE(IsPrefixOf(Spec({Key(1)}), unique));
    IndexSpec hash = Spec({Key(1)});
    hash.access_method = "hash";
    EXPECT_FALSE(IsPrefixOf(hash, Spec({Key(1), Key(2)})));
}

TEST(IndexSpec, EquivalentAndCanonical)
{
    EXPECT_TRUE(Equivalent(Spec({Key(1), Key(2, true)}), Spec({Key(1, true), Key(2)})));
    EXPECT_FALSE(Equivalent(Spec({Key(1)}), Spec({Key(1)}, {2})));
    EXPECT_NE(CanonicalKey(Spec({Key(1), Key(2)})), CanonicalKey(Spec({Key(1)}, {2})));
    EXPECT_NE(CanonicalKey(Spec({Key(1)})), CanonicalKey(Spec({Key(1, true)})));
    EXPECT_LT(CanonicalKey(Spec({Key(2)})), CanonicalKey(Spec({Key(10)})));
    EXPECT_EQ(Compare(Spec({Key(1)}), Spec({Key(1), Key(2)})), Overlap::Narrower);
    EXPECT_EQ(Compare(Spec({Key(1), Key(2)}), Spec({Key(1)})), Overlap::Wider);
    EXPECT_EQ(Compare(Spec({Key(1)}), Spec({Key(1, true)})), Overlap::Same);
    EXPECT_EQ(Compare(Spec({Key(1)}), Spec({Key(2)})), Overlap::None);
}

TEST(Redundancy, InvalidIndexesServeNothing)
{
    TableInfo t = Table(1, "t", 1e5, 1000);
    ExistingIndex existing;
    existing.spec = Spec({Key(1), Key(2)});
    t.indexes.push_back(existing);
    EXPECT_NE(ServedBy(Spec({Key(1)}), t), nullptr);
    t.indexes[0].valid = false;
    EXPECT_EQ(ServedBy(Spec({Key(1)}), t), nullptr);
}

ExistingIndex Existing(Oid32 oid, const IndexSpec &spec, double bytes)
{
    ExistingIndex index;
    index.oid = oid;
    index.name = String("i").append(std::to_string(oid));
    index.spec = spec;
    index.bytes = bytes;
    return index;
}

TEST(Redundancy, ChainsLeaveOne)
{
    TableInfo t = Table(1, "t", 1e5, 1000);
    t.indexes = {Existing(1, Spec({Key(1)}), 10), Existing(2, Spec({Key(1)}), 10), Existing(3, Spec({Key(1), Key(2)}), 20),
                 Existing(4, Spec({Key(2)}), 5)};
    Vector<RedundantIndex> found = FindRedundant(t);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].cover.index->oid, 3u);
    EXPECT_EQ(found[1].cover.index->oid, 3u);
    t.indexes[2].valid = false;
    found = FindRedundant(t);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].index->oid, 2u); /* the older one stays */
    EXPECT_TRUE(found[0].cover.same);
}

TEST(Redundancy, WhatIsNeededStays)
{
    TableInfo t = Table(1, "t", 1e5, 1000);
    t.indexes = {Existing(1, Spec({Key(1)}), 10), Existing(2, Spec({Key(1)}), 10)};
    t.indexes[1].constraint = true;
    Vector<RedundantIndex> found = FindRedundant(t);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].index->oid, 1u);
    t.indexes[0].replica_identity = true;
    t.indexes[1].constraint = false;
    found = FindRedundant(t);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].index->oid, 2u);
    t.indexes[1].clustered = true;
    EXPECT_TRUE(FindRedundant(t).empty());
}

TEST(Redundancy, PromisesDiffer)
{
    TableInfo t = Table(1, "t", 1e5, 1000);
    IndexSpec unique = Spec({Key(1)});
    unique.unique = true;
    t.indexes = {Existing(1, unique, 10), Existing(2, unique, 10)};
    EXPECT_EQ(FindRedundant(t).size(), 1u);
    t.indexes[1].definition = "CREATE UNIQUE INDEX i ON t USING btree (a) NULLS NOT DISTINCT";
    EXPECT_TRUE(FindRedundant(t).empty());
    t.indexes[1].definition.clear();
    t.indexes[0].deferrable = true; /* is no arbiter of ON CONFLICT */
    t.indexes[0].constraint = true;
    EXPECT_TRUE(FindRedundant(t).empty());

    IndexSpec brin = Spec({Key(1)});
    brin.access_method = "brin";
    t.indexes = {Existing(1, brin, 10), Existing(2, brin, 10)};
    t.indexes[0].definition = "CREATE INDEX i1 ON t USING brin (a)";
    t.indexes[1].definition = "CREATE INDEX i2 ON t USING brin (a)";
    EXPECT_EQ(FindRedundant(t).size(), 1u);
    t.indexes[1].definition.append(" WITH (pages_per_range='4')");
    EXPECT_TRUE(FindRedundant(t).empty());
}

TEST(Redundancy, IdentifiersInText)
{
    EXPECT_TRUE(MentionsIdentifier("lower(email)", "email"));
    EXPECT_FALSE(MentionsIdentifier("lower(email_old)", "email"));
    EXPECT_FALSE(MentionsIdentifier("state = 'email'", "email"));
    EXPECT_TRUE(MentionsIdentifier("\"Article No.\" = 'x''y'", "Article No."));
    EXPECT_TRUE(MentionsIdentifier("\"a\"\"b\" > 1", "a\"b"));
    EXPECT_FALSE(MentionsIdentifier("'unterminated", "unterminated"));
}

TEST(WriteCost, CountsTheWorkloadsOwnWrites)
{
    Catalog catalog;
    TableInfo &t = catalog[1] = Table(1, "t", 1e5, 1000);
    Column(t, "a", 4, 1e5);
    Column(t, "b", 4, 1e5);
    t.inserts = 1e9; /* another window */
    Vector<StatementInfo> workload(1);
    workload[0].calls = 1000;
    const IndexSize size{2e6, 1};
    EXPECT_EQ(WriteCosts(workload, catalog).Of(Spec({Key(1)}), size), 0);
    workload[0].writes = {{1, true, {}, 0}};
    const double inserts = WriteCosts(workload, catalog).Of(Spec({Key(1)}), size);
    EXPECT_GT(inserts, 100);
    EXPECT_LT(inserts, 2000);
    workload[0].writes[0].rows = 500000;
    EXPECT_NEAR(WriteCosts(workload, catalog).Of(Spec({Key(1)}), size), 500 * inserts, 1);
    workload[0].writes = {{1, false, {2}, 0}};
    t.updates = t.hot_updates = 10;
    EXPECT_EQ(WriteCosts(workload, catalog).Of(Spec({Key(1)}), size), 0); /* stays heap-only */
    const double first = WriteCosts(workload, catalog).Of(Spec({Key(2)}), size);
    EXPECT_GT(first, inserts + 400); /* HOT is lost */
    workload[0].writes[0].adds = true; /* an upsert: half of it updates */
    EXPECT_NEAR(WriteCosts(workload, catalog).Of(Spec({Key(2)}), size), (first + inserts) / 2, 1);
    workload[0].writes[0].adds = false;
    EXPECT_GT(WriteCosts(workload, catalog).Of(Spec({Key(1)}, {2}), size), inserts);
    EXPECT_GT(WriteCosts(workload, catalog).Of(Spec({Key(1)}, {}, "b = 1"), size), 0);
    ExistingIndex existing;
    existing.spec = Spec({Key(2)});
    t.indexes.push_back(existing);
    EXPECT_LT(WriteCosts(workload, catalog).Of(Spec({Key(2), Key(1)}), size), first); /* it was lost before */
    EXPECT_GT(WriteCosts(workload, catalog).Of(Spec({Key(1)}), size), 100);
}

TEST(DecisionCost, ExcessFetchesAreNotFree)
{
    PlanCost plan;
    plan.cost = 1000;
    plan.heap_fetches = 500;
    EXPECT_EQ(DecisionCost(plan, 1000, 0), 1000); /* below the size of the table */
    plan.heap_fetches = 81000;
    EXPECT_EQ(DecisionCost(plan, 1000, 0), 9000);
    EXPECT_EQ(DecisionCost(plan, 1000, 1), 1000); /* in heap order */
}

Vector<String> CandidateNames(Scenario &s)
{
    Vector<String> names;
    for (const IndexSpec &index : GenerateCandidates(s.workload, s.catalog))
        names.push_back(Short(index));
    return names;
}

bool Contains(const Vector<String> &names, std::string_view name)
{
    return std::find(names.begin(), names.end(), String(name)) != names.end();
}

Scenario &Fill(Scenario &s)
{
    TableInfo &t = s.Add(Table(1, "t", 100000, 1000));
    Column(t, "id", 4, 100000);
    Column(t, "flag", 1, 2);
    Column(t, "kind", 4, 50);
    Column(t, "at", 8, 90000);
    Column(t, "wide", 900, 90000);
    Column(t, "constant", 4, 1);
    Column(t, "json", 20, 90000);
    t.columns.back().indexable = false;
    return s;
}

TEST(Candidates, Rules)
{
    Scenario s;
    Fill(s);
    s.Sample(s.Statement(10), 10,
             Facts(1, {Equal(2, 0.5), Equal(3, 0.02), Equal(5, 1e-5), Equal(6, 1), Equal(7, 1e-5), Range(4, 0.1)},
                   {}, {0}));
    const Vector<String> names = CandidateNames(s);
    EXPECT_TRUE(Contains(names, "1(3)"));
    EXPECT_TRUE(Contains(names, "1(3,2)"));
    EXPECT_TRUE(Contains(names, "1(3,4)"));
    EXPECT_TRUE(Contains(names, "1(3,2,4)"));
    EXPECT_TRUE(Contains(names, "1(4)"));
    EXPECT_FALSE(Contains(names, "1(2)")); /* two values */
    for (const String &name : names)
    {
        EXPECT_EQ(name.find('5'), String::npos) << name; /* too wide */
        EXPECT_EQ(name.find('6'), String::npos) << name; /* constant */
        EXPECT_EQ(name.find('7'), String::npos) << name; /* no operator class */
    }
}

TEST(Candidates, OrderAloneNotBehindASelectiveEquality)
{
    Scenario s;
    Fill(s);
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(3, 0.02)}, {{Key(4, true)}}, {0}), 20);
    const Vector<String> names = CandidateNames(s);
    EXPECT_TRUE(Contains(names, "1(3,4)"));
    EXPECT_FALSE(Contains(names, "1(4)"));
    s.Sample(s.Statement(10), 10, Facts(1, {}, {{Key(4, true)}}, {0}), 20);
    EXPECT_TRUE(Contains(CandidateNames(s), "1(4)"));
}

TEST(Candidates, JoinColumnsAreEqualities)
{
    Scenario s;
    Fill(s);
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(1, 1e-5, 2), Equal(3, 0.02)}, {}, {0}));
    const Vector<String> names = CandidateNames(s);
    EXPECT_TRUE(Contains(names, "1(1)"));
    EXPECT_TRUE(Contains(names, "1(3)"));
}

TEST(Candidates, MergesShareTheFirstBlock)
{
    Scenario s;
    Fill(s);
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(3, 0.02)}, {}, {0}));
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(1, 0.01), Equal(3, 0.02), Range(4, 0.1)}, {}, {0}));
    EXPECT_TRUE(Contains(CandidateNames(s), "1(3,1,4)")); /* the shared column leads */
}

TEST(Candidates, IncludeRespectsWidthVisibilityAndWholeRows)
{
    Scenario s;
    Fill(s);
    s.Sample(s.Statement(10), 10, Facts(1, {Equal(3, 0.02)}, {}, {3, 4}));
    EXPECT_TRUE(Contains(CandidateNames(s), "1(3)+4"));
    s.workload[0].facts[0].relations[0].needed = {3, 5};
    EXPECT_FALSE(Contains(CandidateNames(s), "1(3)+5"));
    s.workload[0].facts[0].relations[0].needed = {0, 4};
    EXPECT_FALSE(Contains(CandidateNames(s), "1(3)+4"));
    s.workload[0].facts[0].relations[0].needed = {3, 4};
    s.catalog[1].all_visible = 0.1;
    EXPECT_FALSE(Contains(CandidateNames(s), "1(3)+4"));
}

TEST(Candidates, PartialWithAndWithoutOtherKeys)
{
    Scenario s;
    Fill(s);
    StatementInfo &q = s.Statement(10);
    s.Sample(q, 10, Facts(1, {Constant(2, 0.01, "flag")}, {}, {0}));
    Vector<String> names = CandidateNames(s);
    EXPECT_TRUE(Contains(names, "1(2)?flag"));
    s.workload[0].facts[0].relations[0].orders = {{Key(4)}};
    names = CandidateNames(s);
    EXPECT_TRUE(Contains(names, "1(4)?flag"));
    s.workload[0].facts[0].relations[0].clauses[0].selectivity = 0.5; /* not rare */
    EXPECT_FALSE(Contains(CandidateNames(s), "1(4)?flag"));
    ClauseFact not_null = Constant(2, 0.01, "flag IS NOT NULL");
    not_null.kind = ClauseKind::NotNull;
    s.workload[0].facts[0].relations[0].clauses = {not_null};
    EXPECT_TRUE(Contains(CandidateNames(s), "1(4)?flag IS NOT NULL"));
    EXPECT_FALSE(Contains(CandidateNames(s), "1(2,4)")); /* no key */
    s.workload[0].facts[0].relations[0].clauses = {Constant(1, 1e-5, "id = 7")}; /* one of many */
    EXPECT_FALSE(Contains(CandidateNames(s), "1(4)?id = 7"));
}

TEST(Candidates, NormalisedDirections)
{
    Vector<KeyPart> keys{Key(1), Key(2, true)};
    NormaliseDirection(keys, 1);
    EXPECT_FALSE(keys[1].descending);
    keys = {Key(1, true), Key(2), Key(3)};
    NormaliseDirection(keys, 0);
    EXPECT_TRUE(keys[0].descending);
    keys = {Key(1, true), Key(2)};
    NormaliseDirection(keys, 0);
    EXPECT_FALSE(keys[0].descending);
    EXPECT_TRUE(keys[1].descending);
}

} // namespace
} // namespace pg_advisor::testing
