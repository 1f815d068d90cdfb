/*
 * DDL text, quoting, figures and sentences.
 */
#include "fake_planner.hpp"

#include "advise/hotspots.hpp"
#include "present/ddl.hpp"
#include "present/quote.hpp"
#include "present/reasons.hpp"
#include "present/scan_verdict.hpp"
#include "present/units.hpp"

#include <gtest/gtest.h>

namespace pg_advisor::testing
{
namespace
{

TEST(Quote, Identifiers)
{
    EXPECT_EQ(QuoteIdentifier("plain_1$"), "plain_1$");
    EXPECT_EQ(QuoteIdentifier("camelCase"), "\"camelCase\"");
    EXPECT_EQ(QuoteIdentifier("order"), "\"order\"");
    EXPECT_EQ(QuoteIdentifier("user"), "\"user\"");
    EXPECT_EQ(QuoteIdentifier("between"), "\"between\"");
    EXPECT_EQ(QuoteIdentifier("left"), "\"left\"");
    EXPECT_EQ(QuoteIdentifier("name"), "name");
    EXPECT_EQ(QuoteIdentifier("1a"), "\"1a\"");
    EXPECT_EQ(QuoteIdentifier("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(QuoteIdentifier("stra\xC3\x9F" "e"), "\"stra\xC3\x9F" "e\"");
    EXPECT_EQ(QuoteIdentifier(""), "\"\"");
    EXPECT_EQ(QuoteQualified("Sales Dept", "t"), "\"Sales Dept\".t");
}

TEST(Quote, Literals)
{
    EXPECT_EQ(QuoteLiteral("it's"), "'it''s'");
    EXPECT_EQ(QuoteLiteral("a\\b"), "E'a\\\\b'");
    EXPECT_EQ(QuoteLiteral("a\\'b"), "E'a\\\\''b'");
}

TableInfo Lines()
{
    TableInfo t = Table(7, "Order Lines", 90000, 1000);
    t.schema = "Sales Dept";
    Column(t, "Id", 4, 90000);
    Column(t, "orderId", 4, 20000);
    Column(t, "at", 8, 90000);
    Column(t, "order", 4, 3);
    return t;
}

IndexSpec Spec(Vector<KeyPart> keys)
{
    IndexSpec index;
    index.relation = 7;
    index.keys = std::move(keys);
    return index;
}

TEST(Ddl, QuotesAndUndoes)
{
    DdlWriter writer({});
    IndexSpec index = Spec({Key(2), Key(3, true)});
    index.include = {4};
    index.predicate = "\"order\" = 1";
    const IndexDdl out = writer.Write(index, Lines());
    EXPECT_EQ(out.name, "Order Lines_orderId_at_idx");
    EXPECT_EQ(out.ddl, "CREATE INDEX CONCURRENTLY \"Order Lines_orderId_at_idx\" ON \"Sales Dept\".\"Order Lines\" "
                       "USING btree (\"orderId\", at DESC) INCLUDE (\"order\") WHERE \"order\" = 1");
    EXPECT_EQ(out.undo, "DROP INDEX CONCURRENTLY \"Sales Dept\".\"Order Lines_orderId_at_idx\"");
    /* the same columns again: another name */
    EXPECT_EQ(writer.Write(index, Lines()).name, "Order Lines_orderId_at_idx1");
}

TEST(Ddl, OperatorClassesCollationsAndNulls)
{
    DdlNames names;
    names.taken = [](std::string_view schema, std::string_view name) {
        return schema == "Sales Dept" && name == "Order Lines_lower_idx";
    };
    names.opclass = [](Oid32) { return String("text_pattern_ops"); };
    names.collation = [](Oid32) { return String("\"C\""); };
    DdlWriter writer(names);
    KeyPart key;
    key.expression = "lower(name)";
    key.opclass = 1;
    key.collation = 950;
    key.nulls_first = true;
    const IndexDdl out = writer.Write(Spec({key}), Lines());
    EXPECT_EQ(out.name, "Order Lines_lower_idx1");
    EXPECT_NE(out.ddl.find("USING btree (lower(name) COLLATE \"C\" text_pattern_ops NULLS FIRST)"), String::npos);
    KeyPart last = Key(3, true);
    last.nulls_first = false;
    EXPECT_NE(writer.Write(Spec({last}), Lines()).ddl.find("(at DESC NULLS LAST)"), String::npos);
}

TEST(Ddl, LongNamesKeepWithin63BytesAndUtf8)
{
    TableInfo t = Lines();
    t.name = "";
    for (int i = 0; i < 30; i++)
        t.name += "\xC3\xA4"; /* 60 bytes */
    t.columns[1].name = "another_rather_long_column_name_of_a_table";
    DdlWriter writer({});
    const String first = writer.Write(Spec({Key(2)}), t).name;
    const String second = writer.Write(Spec({Key(2)}), t).name;
    EXPECT_LE(first.size(), 63U);
    EXPECT_LE(second.size(), 63U);
    EXPECT_NE(first, second);
    EXPECT_EQ(second.substr(second.size() - 5), "_idx1");
    for (std::size_t i = 0; i < first.size(); i++)
    {
        if (first[i] != '\xC3')
            continue;
        EXPECT_EQ(first[i + 1], '\xA4');
    }
    EXPECT_EQ(ClipUtf8("a\xC3\xA4", 2), "a");
    EXPECT_EQ(ClipUtf8("abc", 3), "abc");
}

TEST(Ddl, PartitionedTableIsAScript)
{
    TableInfo t = Table(7, "audit", 1e5, 1000);
    Column(t, "actor_id", 4, 5000);
    t.partitioned = true;
    PartitionNode leaf, sub, deep;
    leaf.schema = sub.schema = deep.schema = "public";
    leaf.name = "audit_1";
    sub.name = "audit_2";
    sub.partitioned = true;
    deep.name = "audit_2a";
    sub.children = {deep};
    DdlWriter writer({});
    const IndexDdl out = writer.Write(Spec({Key(1)}), t, {leaf, sub});
    EXPECT_EQ(out.ddl,
              "CREATE INDEX audit_actor_id_idx ON ONLY public.audit USING btree (actor_id);\n"
              "CREATE INDEX CONCURRENTLY audit_1_actor_id_idx ON public.audit_1 USING btree (actor_id);\n"
              "ALTER INDEX public.audit_actor_id_idx ATTACH PARTITION public.audit_1_actor_id_idx;\n"
              "CREATE INDEX audit_2_actor_id_idx ON ONLY public.audit_2 USING btree (actor_id);\n"
              "CREATE INDEX CONCURRENTLY audit_2a_actor_id_idx ON public.audit_2a USING btree (actor_id);\n"
              "ALTER INDEX public.audit_2_actor_id_idx ATTACH PARTITION public.audit_2a_actor_id_idx;\n"
              "ALTER INDEX public.audit_actor_id_idx ATTACH PARTITION public.audit_2_actor_id_idx");
    EXPECT_EQ(out.undo, "DROP INDEX public.audit_actor_id_idx");
}

TEST(Ddl, PartitionsIndexIsAttachedAndComesBack)
{
    TableInfo t = Table(7, "audit", 1e5, 1000);
    Column(t, "actor_id", 4, 5000);
    t.partitioned = true;
    TableInfo part = Table(8, "audit_1", 1e5, 1000);
    Column(part, "extra", 4, 5000);
    Column(part, "actor_id", 4, 5000);
    ExistingIndex own;
    own.name = "mine";
    own.spec = Spec({Key(2)});
    own.definition = "CREATE INDEX mine ON public.audit_1 USING btree (actor_id)";
    part.indexes = {own};
    PartitionNode leaf, away;
    leaf.schema = away.schema = "public";
    leaf.name = "audit_1";
    leaf.table = &part;
    away.name = "audit_2";
    away.foreign = true;

    const IndexDdl out = DdlWriter({}).Write(Spec({Key(1)}), t, {leaf});
    EXPECT_EQ(out.ddl, "CREATE INDEX audit_actor_id_idx ON ONLY public.audit USING btree (actor_id);\n"
                       "ALTER INDEX public.audit_actor_id_idx ATTACH PARTITION public.mine");
    EXPECT_EQ(out.undo, "DROP INDEX public.audit_actor_id_idx;\n"
                        "CREATE INDEX CONCURRENTLY mine ON public.audit_1 USING btree (actor_id)");
    EXPECT_EQ(DdlWriter({}).Write(Spec({Key(1)}), t, {leaf, away}).ddl,
              "CREATE INDEX audit_actor_id_idx ON public.audit USING btree (actor_id)");

    part.indexes[0].spec.keys[0].descending = true;
    EXPECT_NE(DdlWriter({}).Write(Spec({Key(1)}), t, {leaf}).ddl.find("CREATE INDEX CONCURRENTLY"), String::npos);
    EXPECT_EQ(DdlWriter({}).Write(Spec({Key(1)}), t, {leaf, away}).ddl.find("CONCURRENTLY"), String::npos);
    part.indexes[0].attached = true;
    EXPECT_NE(DdlWriter({}).Write(Spec({Key(1)}), t, {leaf, away}).ddl.find("CONCURRENTLY"), String::npos);
}

TEST(Units, Figures)
{
    EXPECT_EQ(HumanBytes(812), "812 bytes");
    EXPECT_EQ(HumanBytes(72 * 1024), "72 kB");
    EXPECT_EQ(HumanBytes(4.5 * 1024 * 1024), "4.5 MB");
    EXPECT_EQ(HumanBytes(2.0 * 1024 * 1024 * 1024), "2.0 GB");
    EXPECT_EQ(HumanMilliseconds(0.05), "0.05 ms");
    EXPECT_EQ(HumanMilliseconds(35), "35 ms");
    EXPECT_EQ(HumanMilliseconds(7200000), "2.0 h");
    EXPECT_EQ(HumanShare(0.0005), "less than 0.1 %");
    EXPECT_EQ(HumanShare(0.034), "3.4 %");
    EXPECT_EQ(HumanShare(0.9999), "99.9 %");
    EXPECT_EQ(HumanShare(1), "100 %");
    EXPECT_EQ(HumanNumber(120000), "120,000");
    EXPECT_EQ(HumanNumber(2.5e6), "2.5 million");
    EXPECT_EQ(HumanNumber(4.25), "4.2");
    EXPECT_EQ(Counted(1, "page"), "1 page");
    EXPECT_EQ(Counted(0, "row"), "0 rows");
    EXPECT_EQ(Counted(1093, "row"), "1,093 rows");
    EXPECT_EQ(HumanCost(8.44), "8.44");
    EXPECT_EQ(HumanCost(2717.4), "2,717");
}

TEST(Reasons, NameQueriesFiguresAndColumns)
{
    Scenario s;
    TableInfo &t = s.Add(Lines());
    StatementInfo &q = s.Statement(60);
    s.Sample(q, 60, Facts(7, {Equal(2, 1.0 / 20000)}, {{Key(3, true)}}, {0}), 20);
    const Advice advice = s.Run();
    ASSERT_EQ(advice.suggestions.size(), 1U);
    Suggestion suggestion = advice.suggestions[0];
    suggestion.index.keys = {Key(2), Key(3)};
    const String reason = SuggestionReason(suggestion, advice.cost_before, s.workload, t);
    EXPECT_NE(reason.find("Query 1000 \"query text\" (60 calls, 100 % of the workload) costs "), String::npos) << reason;
    EXPECT_NE(reason.find("\"orderId\" is compared for equality, then at gives the order, so that a LIMIT stops early"),
              String::npos)
        << reason;
    EXPECT_NE(reason.find("about "), String::npos);
    EXPECT_EQ(reason.back(), '.');
}

ScanFacts Scan()
{
    ScanFacts f;
    f.table_rows = 500000;
    f.table_pages = 16667;
    f.table_bytes = f.table_pages * 8192;
    f.calls = f.scans = 100;
    f.rows_read = 5e7;
    f.rows_kept = 500;
    f.share = 0.8;
    f.has_filter = f.indexable = true;
    f.seen_hours = 5;
    return f;
}

TEST(Hotspots, EachClass)
{
    ScanFacts f = Scan();
    EXPECT_EQ(ClassifyScan(f).kind, ScanClass::Hot);
    EXPECT_EQ(ClassifyScan(f).severity, ScanSeverity::Critical);
    EXPECT_NE(ScanSentence(f, ScanClass::Hot).find("reads 500,000 rows to keep 5 "), String::npos)
        << ScanSentence(f, ScanClass::Hot);
    f.indexable = false;
    EXPECT_EQ(ClassifyScan(f).kind, ScanClass::HotNoIndex);

    f = Scan();
    f.table_rows = 100;
    f.table_pages = 1;
    f.scans = f.calls = 1e6;
    EXPECT_EQ(ClassifyScan(f).kind, ScanClass::SmallTable);
    EXPECT_EQ(ClassifyScan(f).severity, ScanSeverity::Ok);

    f = Scan();
    f.rows_kept = 0.995 * f.rows_read;
    EXPECT_EQ(ClassifyScan(f).kind, ScanClass::WantsMostRows);

    f = Scan();
    f.has_filter = false;
    EXPECT_EQ(ClassifyScan(f).kind, ScanClass::WantsMostRows);

    f = Scan();
    f.calls = f.scans = 3;
    f.rows_read = 1.5e6;
    f.seen_hours = 48; /* once a night */
    EXPECT_EQ(ClassifyScan(f).kind, ScanClass::Rare);
    EXPECT_EQ(ClassifyScan(f).severity, ScanSeverity::Ok);

    f = Scan();
    f.rows_read = 100 * 2000; /* a LIMIT stops it */
    EXPECT_EQ(ClassifyScan(f).kind, ScanClass::StopsEarly);

    f = Scan();
    f.table_rows = 2000;
    f.table_pages = 20;
    f.calls = f.scans = 4;
    f.rows_read = 8000;
    f.rows_kept = 4;
    f.share = 0.001;
    EXPECT_EQ(ClassifyScan(f).kind, ScanClass::Cheap);
    for (ScanClass kind : {ScanClass::SmallTable, ScanClass::WantsMostRows, ScanClass::Rare, ScanClass::StopsEarly,
                           ScanClass::Hot, ScanClass::HotNoIndex, ScanClass::Cheap})
        EXPECT_EQ(ScanSentence(f, kind).back(), '.');
    EXPECT_EQ(SeverityName(ScanSeverity::Warning), "warning");
}

} // namespace
} // namespace pg_advisor::testing
