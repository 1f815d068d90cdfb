/*
 * SQL functions advisor.suggest_indexes and rejected_indexes: arguments in, one row per index out; and what the review
 * reads of both the suggestions and the hot spots.
 */
#include "boundary/arguments.hpp"
#include "boundary/hotspot_rows.hpp"
#include "boundary/memory.hpp"
#include "boundary/rows.hpp"
#include "boundary/skipped.hpp"
#include "present/quote.hpp"
#include "present/reasons.hpp"
#include "present/rejections.hpp"
#include "settings.hpp"
#include "workload/advice_run.hpp"
#include "workload/index_ddl.hpp"
#include "workload/observation.hpp"

namespace pg_advisor
{

namespace
{

Failure BadArgument(const char *message, const char *hint)
{
    return Failure("22023", message, {}, hint);
}

double Milliseconds(const Interval *interval)
{
    const double days = interval->day + 30.0 * interval->month;
    return static_cast<double>(interval->time) / 1000.0 + days * 86400000.0;
}

AdvisorOptions ReadOptions(FunctionCallInfo fcinfo)
{
    AdvisorOptions options;
    if (!PG_ARGISNULL(1))
        options.storage_budget = static_cast<double>(PG_GETARG_INT64(1));
    if (!PG_ARGISNULL(2))
        options.min_improvement = PG_GETARG_FLOAT8(2);
    if (!PG_ARGISNULL(3))
        options.max_indexes = PG_GETARG_INT32(3);
    options.random_sets = static_cast<std::size_t>(settings::debug_random_sets);
    options.time_limit_ms = PG_ARGISNULL(4) ? settings::advice_time_limit_ms : Milliseconds(PG_GETARG_INTERVAL_P(4));

    if (options.storage_budget && *options.storage_budget < 0)
        throw BadArgument("storage_budget must not be negative", "It is in bytes; NULL means no limit.");
    if (!(options.min_improvement >= 0 && options.min_improvement <= 1))
        throw BadArgument("min_improvement must be between 0 and 1",
                          "It is the share of the whole workload's cost that an index must save.");
    if (options.max_indexes && *options.max_indexes < 0)
        throw BadArgument("max_indexes must not be negative", "NULL means no limit.");
    if (options.time_limit_ms <= 0)
        throw BadArgument("time_limit must be positive", "NULL means pg_advisor.advice_time_limit.");
    return options;
}

/* What the time did not suffice for. */
void ReportLimits(const AdviceRun &run, bool recorded)
{
    const auto seen = run.statements.size() + run.skipped.size();
    if (run.unseen > 0)
        CallPg([&] {
            ereport(NOTICE, (errmsg("the time limit was reached: this is advice for the %s %zu of %zu statements",
                                    recorded ? "dearest" : "first", seen, seen + run.unseen),
                             errdetail("The costs are those of these statements."),
                             errhint("Give a longer time_limit to look at all.")));
        });
    else if (run.advice.timed_out)
        CallPg([&] {
            ereport(NOTICE, (errmsg("the time limit was reached; this is the best advice found until then"),
                             errdetail("Where there was no time to ask the planner again, costs are those of a part of the "
                                       "indexes: the real ones are lower, and an index may not be needed beside the others."),
                             errhint("Give a longer time_limit to search on.")));
        });
}

/* See settings::debug_random_sets. */
void ReportRandomSets(const RandomSets &random)
{
    if (random.sets == 0)
        return;
    CallPg([&] {
        ereport(NOTICE, (errmsg("the planner was asked about random sets of indexes"),
                         errdetail("%zu sets; %zu smaller ones that should have the same plan, of which %zu have another, "
                                   "its cost differing by up to %.2g %%.",
                                   random.sets, random.smaller, random.different, 100 * random.furthest)));
    });
}

/* What both functions have in common. */
void Advise(FunctionCallInfo fcinfo, const AdvisorOptions &options, AdviceRun *run)
{
    const bool recorded = PG_ARGISNULL(0);
    const auto source = recorded ? RecordedWorkload() : TextWorkload(arguments::Texts(fcinfo, 0, "queries"));

    RunAdvice(*source, options, run);
    ReportSkipped(run->skipped, run->statements.size(), recorded);
    ReportLimits(*run, recorded);
    ReportRandomSets(run->advice.random_sets);
}

IndexDdl DdlOf(DdlWriter *writer, AdviceRun *run, const Suggestion &suggestion)
{
    const TableInfo &table = run->catalog.at(suggestion.index.relation);
    const ExistingIndex *dropped = suggestion.replacement.dropped;
    return dropped != nullptr ? DropDdl(*dropped, table)
                              : writer->Write(suggestion.index, table, ReadPartitions(table, run->catalog));
}

void WriteSuggestion(RowWriter *rows, DdlWriter *writer, AdviceRun *run, const Suggestion &suggestion, int rank,
                     Vector<String> *names)
{
    const TableInfo &table = run->catalog.at(suggestion.index.relation);
    const ExistingIndex *dropped = suggestion.replacement.dropped;
    const IndexDdl ddl = DdlOf(writer, run, suggestion);
    names->push_back(ddl.name);
    Vector<std::int64_t> queryids;
    for (const HelpedStatement &helped : suggestion.helped)
        if (run->statements[helped.statement].queryid != 0)
            queryids.push_back(run->statements[helped.statement].queryid);

    rows->Int32(rank).Text(dropped != nullptr ? "drop" : "create").Oid32(suggestion.index.relation).Text(suggestion.index.access_method);
    rows->Text(ddl.ddl).Text(ddl.undo).Int64(std::llround(suggestion.bytes));
    rows->Float(suggestion.cost_before).Float(suggestion.cost_after).Float(suggestion.improvement);
    rows->Float(suggestion.time_saved).Float(suggestion.write_overhead);
    rows->Int32(static_cast<std::int32_t>(suggestion.helped.size())).Int64Array(queryids);
    if (dropped == nullptr)
        rows->Text(SuggestionReason(suggestion, run->advice.cost_before, run->statements, table));
    else if (suggestion.disuse)
        rows->Text(DisuseReason(suggestion, table));
    else
        rows->Text(DropReason(suggestion, suggestion.replacement.by.empty()
                                              ? (*names)[suggestion.replacement.suggestion]
                                              : suggestion.replacement.by));
}

/* One row each, after `skipped` columns that are of no use to them. */
void WriteAllSuggestions(RowWriter *rows, AdviceRun *run, int skipped)
{
    DdlWriter writer = MakeDdlWriter();
    Vector<String> names;
    int rank = 0;
    for (const Suggestion &suggestion : run->advice.suggestions)
    {
        for (int i = 0; i < skipped; i++)
            rows->Null();
        WriteSuggestion(rows, &writer, run, suggestion, ++rank, &names);
        rows->Emit();
    }
}

/* "public.t USING btree (a)" */
void ReportWithheld(const AdviceRun &run, const Withheld &withheld, const DdlWriter &writer)
{
    String definitions;
    for (const IndexSpec &index : withheld.indexes)
    {
        const TableInfo &table = run.catalog.at(index.relation);
        definitions += definitions.empty() ? "" : " and ";
        definitions += QuoteQualified(table.schema, table.name) + " " + writer.Definition(index, table);
    }
    const String message = WithheldMessage(withheld, definitions);
    const String detail = WithheldDetail(withheld, run.statements);
    CallPg([&] { ereport(NOTICE, (errmsg("%s", message.c_str()), errdetail("%s", detail.c_str()))); });
}

void ReportNotAnalyzed(const AdviceRun &run)
{
    if (run.advice.not_analyzed.empty())
        return;
    String tables;
    for (Oid32 relation : run.advice.not_analyzed)
    {
        const TableInfo &table = run.catalog.at(relation);
        tables += (tables.empty() ? "" : ", ") + QuoteQualified(table.schema, table.name);
    }
    CallPg([&] {
        ereport(NOTICE, (errmsg("no index is suggested for tables that were never analyzed"),
                         errdetail("Without statistics nothing can be said of an index. The tables are: %s", tables.c_str()),
                         errhint("ANALYZE %s;", tables.c_str())));
    });
}

void WriteSuggestions(FunctionCallInfo fcinfo)
{
    MemoryScope memory("suggest_indexes");
    RowWriter rows(fcinfo);
    AdvisorOptions options = ReadOptions(fcinfo);
    if (PG_ARGISNULL(0))
        options.observation = Observe();
    AdviceRun run;
    Advise(fcinfo, options, &run);
    WriteAllSuggestions(&rows, &run, 0);
    const DdlWriter writer = MakeDdlWriter();
    for (const Withheld &withheld : run.advice.withheld)
        ReportWithheld(run, withheld, writer);
    ReportNotAnalyzed(run);
}

constexpr int kSuggestionColumns = 15;

/* The search takes long, so that the review makes one for both. */
void WriteWorkloadAdvice(FunctionCallInfo fcinfo)
{
    MemoryScope memory("workload_advice");
    RowWriter rows(fcinfo);
    AdvisorOptions options;
    options.time_limit_ms = std::min<double>(settings::advice_time_limit_ms, kHotspotsAdviceLimitMs);
    options.observation = Observe();
    AdviceRun run;
    RunAdvice(*RecordedWorkload(), options, &run);
    WriteAllSuggestions(&rows, &run, kHotspotColumns);
    for (const Hotspot &hotspot : ReportHotspots(&run))
    {
        WriteHotspot(&rows, hotspot);
        for (int i = 0; i < kSuggestionColumns; i++)
            rows.Null();
        rows.Emit();
    }
}

void WriteRejection(RowWriter *rows, DdlWriter *writer, AdviceRun *run, const AdvisorOptions &options,
                    const Rejection &rejection, const Vector<String> &suggested)
{
    const TableInfo &table = run->catalog.at(rejection.relation);
    rows->Oid32(rejection.relation);
    if (rejection.index.keys.empty())
        rows->Null().Null().Null().Null().Null().Null().Null();
    else
    {
        const double before = rejection.cost_before, after = rejection.cost_after;
        rows->Text(rejection.index.access_method);
        rows->Text(writer->Write(rejection.index, table, ReadPartitions(table, run->catalog)).ddl);
        rows->Int64(std::llround(rejection.bytes)).Float(before).Float(after);
        rows->Float(before > 0 ? (before - after) / before : 0).Float(rejection.write_overhead);
    }
    rows->Text(RejectionReason(rejection, options, run->statements, table, suggested)).Emit();
}

/* The suggestions get their names first, so that they are called here as there and both scripts can be run. */
void WriteRejections(FunctionCallInfo fcinfo)
{
    MemoryScope memory("rejected_indexes");
    RowWriter rows(fcinfo);
    AdvisorOptions options = ReadOptions(fcinfo);
    options.explain_rejected = true;
    AdviceRun run;
    Advise(fcinfo, options, &run);
    DdlWriter writer = MakeDdlWriter();
    Vector<String> names;
    for (const Suggestion &suggestion : run.advice.suggestions)
        names.push_back(DdlOf(&writer, &run, suggestion).name);
    for (const Rejection &rejection : run.advice.rejected)
        WriteRejection(&rows, &writer, &run, options, rejection, names);
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_suggest_indexes_0_1);
    PG_FUNCTION_INFO_V1(advisor_rejected_indexes_0_1);
    PG_FUNCTION_INFO_V1(advisor_workload_advice_0_1);
    PGDLLEXPORT Datum advisor_rejected_indexes_0_1(PG_FUNCTION_ARGS);

    PGDLLEXPORT Datum advisor_workload_advice_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteWorkloadAdvice(fcinfo); });
        return static_cast<Datum>(0);
    }

    Datum advisor_rejected_indexes_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteRejections(fcinfo); });
        return static_cast<Datum>(0);
    }

    PGDLLEXPORT Datum advisor_suggest_indexes_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteSuggestions(fcinfo); });
        return static_cast<Datum>(0);
    }
}
