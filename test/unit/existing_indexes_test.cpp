/*
 * Advice where indexes exist: what takes their place, what is left to them, and what of them nobody uses.
 */
#include "fake_planner.hpp"

#include "advise/merges.hpp"
#include "advise/redundancy.hpp"
#include "advise/unused.hpp"

#include <gtest/gtest.h>

namespace pg_advisor::testing
{
namespace
{

IndexSpec Spec(Vector<KeyPart> keys, Vector<std::int16_t> include = {})
{
    IndexSpec index;
    index.relation = 1;
    index.keys = std::move(keys);
    index.include = std::move(include);
    return index;
}

ExistingIndex Existing(Oid32 oid, IndexSpec spec, double bytes = 2e6)
{
    ExistingIndex existing;
    existing.oid = oid;
    existing.name = String("index_") + String(std::to_string(oid));
    existing.spec = std::move(spec);
    existing.bytes = bytes;
    return existing;
}

/* id, account, amount, made, state */
TableInfo &Payment(Scenario &s)
{
    TableInfo &t = s.Add(Table(1, "payment", 80000, 1500));
    Column(t, "id", 4, 80000, 1);
    Column(t, "account", 4, 6000);
    Column(t, "amount", 4, 40000);
    Column(t, "made", 8, 70000);
    Column(t, "state", 4, 5);
    return t;
}

TEST(ExistingIndexes, WiderOneTakesThePlaceOfItsTwin)
{
    Scenario s;
    Payment(s).indexes.push_back(Existing(900, Spec({Key(2)})));
    s.Sample(s.Statement(50), 50, Facts(1, {Range(2, 0.05)}, {}, {2, 3}));
    const Advice advice = s.Run();
    ASSERT_EQ(advice.suggestions.size(), 2u);
    EXPECT_EQ(Short(advice.suggestions[0].index), "1(2)+3");
    ASSERT_NE(advice.suggestions[1].replacement.dropped, nullptr);
    EXPECT_EQ(advice.suggestions[1].replacement.dropped->oid, 900u);
    EXPECT_EQ(advice.suggestions[1].replacement.suggestion, 0u);
    EXPECT_EQ(advice.suggestions[1].cost_before, advice.suggestions[0].cost_after);
    EXPECT_EQ(advice.suggestions[1].cost_after, advice.cost_after);
}

/* UPDATE t SET ... WHERE id = (SELECT id FROM t WHERE account = ...): with either index one half is dear. */
TEST(ExistingIndexes, OneForTheOtherHalfOfAStatementDoesNotDoTheWork)
{
    Scenario s;
    ExistingIndex primary = Existing(900, Spec({Key(1)}), 1e5);
    primary.spec.unique = primary.constraint = true;
    Payment(s).indexes.push_back(primary);
    FakeQuery query;
    query.facts.relations = {Facts(1, {Equal(2, 1.0 / 80000)}, {}, {1}), Facts(1, {Equal(1, 1.0 / 80000)}, {}, {0})};
    StatementInfo &update = s.Statement(50);
    update.facts = {query.facts};
    update.weights = {50};
    update.queries = {s.planner.AddQuery(query)};
    EXPECT_EQ(Shorts(s.Run()), Vector<String>{"1(2)"});
}

/* Nor does one for another statement, however much that one would lose without it. */
TEST(ExistingIndexes, OneForAnotherStatementDoesNotDoTheWork)
{
    Scenario s;
    ExistingIndex primary = Existing(900, Spec({Key(1)}), 1e6);
    primary.spec.unique = primary.constraint = true;
    Payment(s).indexes.push_back(primary);
    s.Sample(s.Statement(1000), 1000, Facts(1, {Equal(1, 1.0 / 80000)}));
    s.Sample(s.Statement(50), 50, Facts(1, {Range(2, 0.3)}, {}, {2, 3}));
    EXPECT_EQ(Shorts(s.Run()), Vector<String>{"1(2)+3"});
}

/* What the twin spares beside an index that has to stay is weighed against its whole size. */
TEST(ExistingIndexes, NoTwinForAFewVisits)
{
    for (const bool unique : {false, true})
    {
        Scenario s;
        ExistingIndex existing = Existing(900, Spec({Key(unique ? 1 : 2)}));
        existing.spec.unique = unique;
        existing.constraint = unique;
        TableInfo &t = Payment(s);
        t.indexes.push_back(existing);
        const auto column = static_cast<std::int16_t>(unique ? 1 : 2);
        s.Sample(s.Statement(100), 100, Facts(1, {Equal(column, unique ? 1.0 / 80000 : 1.0 / 6000, 2)}, {}, {column, 3}), 0,
                 unique ? 40 : 1);
        EXPECT_EQ(Shorts(s.Run()), Vector<String>()) << unique;
    }
}

TEST(ExistingIndexes, KeysBehindUniqueOnesAreNoKeys)
{
    Scenario s;
    TableInfo &t = Payment(s);
    ExistingIndex primary = Existing(900, Spec({Key(1)}));
    primary.spec.unique = true;
    t.indexes = {primary, Existing(901, Spec({Key(2)}))};
    EXPECT_EQ(UniqueKeys(Spec({Key(1), Key(2)}), t), 1u);
    EXPECT_EQ(UniqueKeys(Spec({Key(1, true), Key(2)}), t), 1u);
    EXPECT_EQ(UniqueKeys(Spec({Key(2), Key(1)}), t), 0u);
    t.indexes[0].spec.predicate = "state = 1";
    EXPECT_EQ(UniqueKeys(Spec({Key(1), Key(2)}), t), 0u);
    t.indexes[0].spec.predicate.clear();
    t.indexes[0].valid = false;
    EXPECT_EQ(UniqueKeys(Spec({Key(1), Key(2)}), t), 0u);
}

TEST(ExistingIndexes, TwinsHaveTheSameKeysAndMoreColumns)
{
    Scenario s;
    TableInfo &t = Payment(s);
    t.indexes = {Existing(900, Spec({Key(2)}, {3}))};
    EXPECT_EQ(NarrowTwin(Spec({Key(2)}, {3, 4}), t), &t.indexes[0]);
    EXPECT_EQ(NarrowTwin(Spec({Key(2)}, {4}), t), nullptr);
    EXPECT_EQ(NarrowTwin(Spec({Key(2), Key(3)}), t), nullptr);
    t.indexes[0].valid = false;
    EXPECT_EQ(NarrowTwin(Spec({Key(2)}, {3, 4}), t), nullptr);
}

TEST(Merges, OneForTwoThatBeginAlike)
{
    Scenario s;
    const TableInfo &t = Payment(s);
    EXPECT_EQ(Short(*Merged(Spec({Key(2)}, {3}), Spec({Key(2)}, {5}), t)), "1(2)+3+5");
    EXPECT_EQ(Short(*Merged(Spec({Key(2)}, {3, 4}), Spec({Key(2), Key(4)}), t)), "1(2,4)+3");
    EXPECT_EQ(Merged(Spec({Key(2)}), Spec({Key(2)}, {3}), t), std::nullopt) << "one serves for both";
    EXPECT_EQ(Merged(Spec({Key(2)}, {1}), Spec({Key(3)}, {1}), t), std::nullopt);
    IndexSpec partial = Spec({Key(2)}, {5});
    partial.predicate = "state = 1";
    EXPECT_EQ(Merged(Spec({Key(2)}, {3}), partial, t), std::nullopt);
}

TEST(Merges, OneRangeManyColumns)
{
    Scenario s;
    Payment(s);
    s.Sample(s.Statement(50), 50, Facts(1, {Range(4, 0.2)}, {}, {4, 2}));
    s.Sample(s.Statement(50), 50, Facts(1, {Range(4, 0.2)}, {}, {4, 3}));
    s.Sample(s.Statement(50), 50, Facts(1, {Range(4, 0.2)}, {}, {4, 5}));
    EXPECT_EQ(Shorts(s.Run()), Vector<String>{"1(4)+2+3+5"});
}

/* --- unused --- */

struct Unused
{
    Unused()
    {
        table = Table(1, "payment", 80000, 1500);
        Column(table, "id", 4, 80000);
        Column(table, "account", 4, 6000);
        table.reads = 5000;
        table.indexes = {Existing(900, Spec({Key(2), Key(1)}), 2e7)};
        observation.unused_after = 86400;
        observation.seconds = 90000;
    }
    std::optional<Disuse> Find()
    {
        const ExistingIndex &index = table.indexes[0];
        if (!IsExpendable(index, table, gone) || used.contains(index.oid))
            return std::nullopt;
        Catalog catalog;
        catalog[1] = table;
        const WriteCosts writes(workload, catalog);
        return FindDisuse(index, table, observation, writes, 1e5);
    }
    bool Found() { return Find().has_value(); }

    TableInfo table;
    Observation observation;
    Vector<StatementInfo> workload;
    Vector<Oid32> gone;
    Set<Oid32> used;
};

TEST(Unused, AfterTheTimeAndOnlyIfTheTableWasRead)
{
    EXPECT_TRUE(Unused().Found());
    Unused u;
    u.observation.seconds = 86399;
    EXPECT_FALSE(u.Found());
    u = Unused();
    u.observation.unused_after.reset();
    EXPECT_FALSE(u.Found());
    u = Unused();
    u.table.reads = 999;
    EXPECT_FALSE(u.Found());
    u = Unused();
    u.table.indexes[0].scans = 1;
    EXPECT_FALSE(u.Found());
    u.table.indexes[0].idle_seconds = 86399;
    EXPECT_FALSE(u.Found());
    u.table.indexes[0].idle_seconds = 86400;
    EXPECT_TRUE(u.Found()) << "once it was used, but not since";
    u.observation.unused_after = 0;
    u.table.indexes[0].idle_seconds = 0;
    EXPECT_FALSE(u.Found()) << "it is not known when";
    u = Unused();
    u = Unused();
    u.table.indexes[0].bytes = 1e6;
    EXPECT_FALSE(u.Found());
    u = Unused();
    u.used.insert(900);
    EXPECT_FALSE(u.Found()) << "a recorded query would use it";
}

/* What it costs is reason enough, if it was never scanned. */
TEST(Unused, AtOnceIfItEndsManyHeapOnlyUpdates)
{
    Unused u;
    u.observation.seconds = 60;
    u.table.indexes[0].bytes = 1e6;
    StatementInfo update;
    update.calls = 20000;
    update.writes = {{1, false, {2}, 0}};
    u.workload = {update};
    ASSERT_TRUE(u.Found());
    EXPECT_EQ(u.Find()->updates, 20000);
    EXPECT_GT(u.Find()->upkeep_share, 0.1);
    u.table.indexes.push_back(Existing(901, Spec({Key(2)})));
    EXPECT_FALSE(u.Found()) << "another one ends them as well";
    u.table.indexes.pop_back();
    u.table.indexes[0].scans = 1;
    EXPECT_FALSE(u.Found());
    u.table.indexes[0].scans = 0;
    u.workload[0].calls = 999;
    EXPECT_FALSE(u.Found()) << "few updates";
    u.workload[0].calls = 2000;
    EXPECT_FALSE(u.Found()) << "a small part of the workload";
    u.workload[0].calls = 20000;
    u.observation.unused_after.reset();
    EXPECT_FALSE(u.Found()) << "never is never";
}

TEST(Unused, NotWhatIsNeededWithoutBeingScanned)
{
    Unused u;
    u.table.indexes[0].spec.unique = true;
    EXPECT_FALSE(u.Found());
    u = Unused();
    u.table.indexes[0].spec.keys[1] = KeyPart{};
    u.table.indexes[0].spec.keys[1].expression = "lower(x)";
    EXPECT_FALSE(u.Found()) << "its statistics";
    for (const auto flag : {&ExistingIndex::constraint, &ExistingIndex::replica_identity, &ExistingIndex::attached,
                            &ExistingIndex::clustered})
    {
        Unused other;
        EXPECT_TRUE(MayBeDropped(other.table.indexes[0], other.table));
        other.table.indexes[0].*flag = true;
        EXPECT_FALSE(MayBeDropped(other.table.indexes[0], other.table));
    }
}

TEST(Unused, TheOnlySupportOfAForeignKeyStays)
{
    Unused u;
    u.table.foreign_keys = {{1, 2}}; /* in any order */
    EXPECT_FALSE(u.Found());
    u.table.indexes.push_back(Existing(901, Spec({Key(1), Key(2)})));
    EXPECT_TRUE(u.Found());
    u.gone = {901};
    EXPECT_FALSE(u.Found());
    u.gone.clear();
    u.table.indexes[1].spec.predicate = "id > 5";
    EXPECT_FALSE(u.Found()) << "a partial index is no support";
    u = Unused();
    u.table.foreign_keys = {{1}};
    EXPECT_TRUE(u.Found()) << "it does not begin with the foreign key";
}

} // namespace
} // namespace pg_advisor::testing
