/*
 * Scan facts -> rows of advisor.seq_scan_hotspots: see hotspots_report.hpp.
 *
 * Facts come from sampled executions and are scaled to all of them. An index is named only if the advice,
 * with the planner's help, found that it makes the statement cheaper.
 */
#include "workload/hotspots_report.hpp"

#include "boundary/sandbox.hpp"
#include "present/scan_verdict.hpp"
#include "settings.hpp"
#include "whatif/catalog_reader.hpp"
#include "whatif/nodes.hpp"
#include "whatif/present_plan.hpp"
#include "workload/index_ddl.hpp"
#include "workload/snapshot.hpp"

#include <cstring>

namespace pg_advisor
{

namespace
{

/* Even a scan without a filter is worth a look for a join index from this share of all rows read on. */
constexpr double kShareWorthALook = 0.02;
constexpr const char *kDroppedFilter = "(the filter refers to something that was dropped)";

String FilterText(Oid relation, const String &node)
{
    if (node.empty())
        return {};
    const char *text = node.c_str();
    char *sql = nullptr;
    try
    {
        Sandbox({}, [&] {
            auto *qual = static_cast<List *>(stringToNode(text));
            sql = whatif::ConditionText(relation, reinterpret_cast<Node *>(make_ands_explicit(qual)));
        });
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
        return kDroppedFilter;
    }
    /* What the server prints for a column that was dropped. */
    return std::strstr(sql, "?dropped?column?") != nullptr ? String(kDroppedFilter) : String(sql);
}

/* Whether the caller is told of a table: by the rule of advisor.findings, but any way to read some column counts. */
bool MaySee(Oid relation)
{
    return CallPg([&] {
        HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
        if (!HeapTupleIsValid(tuple))
            return false;
        const Oid schema = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relnamespace;
        ReleaseSysCache(tuple);
        const Oid user = GetUserId();
        return has_privs_of_role(user, ROLE_PG_READ_ALL_STATS) ||
               (compat::MayUseSchema(schema, user) &&
                (pg_class_aclcheck(relation, user, ACL_SELECT) == ACLCHECK_OK ||
                 pg_attribute_aclcheck_all(relation, user, ACL_SELECT, ACLMASK_ANY) == ACLCHECK_OK));
    });
}

ScanFacts Scale(const StatementSnapshot &statement, const store::ScanFact &fact, const TableInfo &table)
{
    const store::Entry &entry = statement.entry;
    const auto calls = static_cast<double>(entry.counters.calls);
    const auto sampled = static_cast<double>(std::max<int64>(1, entry.counters.sampled_calls));
    const double scale = std::max(1.0, calls / sampled);
    const double total_ms = static_cast<double>(entry.counters.total_ns) / 1e6;

    ScanFacts facts;
    facts.table_rows = table.rows;
    facts.table_pages = table.pages;
    facts.table_bytes = table.pages * BLCKSZ;
    facts.calls = calls;
    facts.scans = fact.loops * scale;
    facts.rows_read = fact.rows_read * scale;
    facts.rows_kept = fact.rows_kept * scale;
    facts.pages_read = fact.pages * scale;
    facts.est_time_ms = total_ms * std::min(1.0, fact.cost_share / sampled);
    facts.mean_time_ms = calls > 0 ? total_ms / calls : 0;
    facts.has_filter = fact.filter_hash != 0;
    facts.seen_hours = static_cast<double>(entry.last_seen - entry.first_seen) / USECS_PER_HOUR;
    return facts;
}

struct Row
{
    Hotspot hotspot;
    const StatementSnapshot *statement;
};

Vector<Row> ReadRows(const Vector<StatementSnapshot> &statements, Catalog *catalog)
{
    Vector<Row> rows;
    double all_rows_read = 0;
    for (const StatementSnapshot &statement : statements)
    {
        for (int i = 0; i < statement.entry.scan_count && statement.entry.counters.calls > 0; i++)
        {
            CheckInterrupts();
            const store::ScanFact &fact = statement.entry.scans[i];
            whatif::ReadTable(*catalog, fact.relid);
            const auto table = catalog->find(fact.relid);
            if (table == catalog->end())
                continue; /* dropped since */
            const ScanFacts facts = Scale(statement, fact, table->second);
            all_rows_read += facts.rows_read;
            if (!MaySee(fact.relid))
                continue;
            Row row{{}, &statement};
            row.hotspot.relation = fact.relid;
            row.hotspot.facts = facts;
            row.hotspot.query = statement.visible ? statement.query : String("<insufficient privilege>");
            if (statement.visible)
            {
                row.hotspot.queryid = static_cast<std::int64_t>(statement.entry.key.queryid);
                row.hotspot.filter = FilterText(fact.filter_relid, statement.filters[i]);
            }
            rows.push_back(std::move(row));
        }
    }
    for (Row &row : rows)
        row.hotspot.facts.share = all_rows_read > 0 ? row.hotspot.facts.rows_read / all_rows_read : 0;
    return rows;
}

bool WorthALook(const Row &row)
{
    const ScanFacts &facts = row.hotspot.facts;
    const ScanClass kind = ClassifyScan(facts).kind;
    return row.statement->visible &&
           (kind == ScanClass::Hot || kind == ScanClass::HotNoIndex ||
            (kind == ScanClass::WantsMostRows && facts.share >= kShareWorthALook));
}

/* Whether some condition or order of the statement on this table could use an index at all. */
bool Indexable(const StatementInfo &statement, Oid relation)
{
    for (const QueryFacts &facts : statement.facts)
        for (const RelationFacts &table : facts.relations)
            if (table.relation == relation && !table.clauses.empty())
                return true;
    return false;
}

void Apply(AdviceRun &run, Vector<Row> *rows)
{
    DdlWriter writer = MakeDdlWriter();
    Vector<String> ddls;
    for (const Suggestion &suggestion : run.advice.suggestions)
    {
        const TableInfo &table = run.catalog.at(suggestion.index.relation);
        if (suggestion.replacement.dropped != nullptr)
            break; /* creations come first */
        ddls.push_back(writer.Write(suggestion.index, table, ReadPartitions(table, run.catalog)).ddl);
    }
    for (Row &row : *rows)
    {
        for (std::size_t s = 0; s < run.statements.size(); s++)
        {
            if (row.hotspot.queryid != run.statements[s].queryid)
                continue;
            row.hotspot.facts.indexable |= Indexable(run.statements[s], row.hotspot.relation);
            for (std::size_t i = 0; i < ddls.size(); i++)
            {
                const Suggestion &suggestion = run.advice.suggestions[i];
                const bool helps = std::any_of(suggestion.helped.begin(), suggestion.helped.end(),
                                               [&](const HelpedStatement &helped) { return helped.statement == s; });
                if (!helps || suggestion.index.relation != row.hotspot.relation || row.hotspot.facts.index_known)
                    continue;
                row.hotspot.facts.index_known = true;
                row.hotspot.suggested_index = ddls[i];
            }
        }
    }
}

/* An index that was created since: the scans are history. */
bool IsOver(const WorkItem &item, Oid relation)
{
    return !item.queries.empty() &&
           std::none_of(item.queries.begin(), item.queries.end(), [&](const whatif::PlannableQuery &query) {
               return whatif::ScansSequentially(query, relation).value_or(true);
           });
}

void FindThoseThatAreOver(Vector<Row> *rows)
{
    for (Row &row : *rows)
    {
        const ScanClass kind = ClassifyScan(row.hotspot.facts).kind;
        if (!row.hotspot.queryid || row.hotspot.facts.index_known || (kind != ScanClass::Hot && kind != ScanClass::HotNoIndex))
            continue;
        CheckInterrupts();
        row.hotspot.facts.over =
            IsPlannable(*row.statement) && IsOver(MakeWorkItem(*row.statement), row.hotspot.relation);
    }
}

/* Over the whole workload, so that a hot spot is never cured by an index the advice would refuse. */
void Advise(const Vector<StatementSnapshot> &statements, AdviceRun *run)
{
    const auto source = RecordedWorkload(statements);
    AdvisorOptions options;
    options.time_limit_ms = std::min<double>(settings::advice_time_limit_ms, kHotspotsAdviceLimitMs);
    RunAdvice(*source, options, run);
}

Vector<Hotspot> Judge(Vector<Row> rows)
{
    Vector<Hotspot> result;
    for (Row &row : rows)
    {
        row.hotspot.verdict = ClassifyScan(row.hotspot.facts);
        if (row.hotspot.verdict.kind != ScanClass::Hot)
            row.hotspot.suggested_index.clear();
        row.hotspot.sentence = ScanSentence(row.hotspot.facts, row.hotspot.verdict.kind);
        result.push_back(std::move(row.hotspot));
    }
    std::stable_sort(result.begin(), result.end(), [](const Hotspot &a, const Hotspot &b) {
        if (a.verdict.severity != b.verdict.severity)
            return a.verdict.severity < b.verdict.severity;
        if (a.facts.est_time_ms != b.facts.est_time_ms)
            return a.facts.est_time_ms > b.facts.est_time_ms;
        return a.facts.rows_read > b.facts.rows_read;
    });
    return result;
}

} // namespace

Vector<Hotspot> ReportHotspots(AdviceRun *run)
{
    const Vector<StatementSnapshot> statements = ReadStore(MyDatabaseId, kTexts | kPlanning | kFilters);
    Catalog catalog;
    Vector<Row> rows = ReadRows(statements, &catalog);
    if (std::any_of(rows.begin(), rows.end(), WorthALook))
    {
        AdviceRun own;
        if (run == nullptr)
            Advise(statements, run = &own);
        Apply(*run, &rows);
        FindThoseThatAreOver(&rows);
    }
    return Judge(std::move(rows));
}

} // namespace pg_advisor
