/*
 * SQL function advisor.suggest_indexes: arguments in, one row per suggestion out.
 */
#include "boundary/arguments.hpp"
#include "boundary/memory.hpp"
#include "boundary/rows.hpp"
#include "boundary/skipped.hpp"
#include "present/quote.hpp"
#include "present/reasons.hpp"
#include "settings.hpp"
#include "workload/advice_run.hpp"
#include "workload/index_ddl.hpp"

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

void WriteSuggestion(RowWriter *rows, DdlWriter *writer, const AdviceRun &run, const Suggestion &suggestion, int rank,
                     Vector<String> *names)
{
    const TableInfo &table = run.catalog.at(suggestion.index.relation);
    const ExistingIndex *dropped = suggestion.replacement.dropped;
    const IndexDdl ddl = dropped != nullptr ? DropDdl(*dropped, table)
                                            : writer->Write(suggestion.index, table, ReadPartitions(table));
    names->push_back(ddl.name);
    Vector<std::int64_t> queryids;
    for (const HelpedStatement &helped : suggestion.helped)
        if (run.statements[helped.statement].queryid != 0)
            queryids.push_back(run.statements[helped.statement].queryid);

    rows->Int32(rank).Text(dropped != nullptr ? "drop" : "create").Oid32(suggestion.index.relation).Text(suggestion.index.access_method);
    rows->Text(ddl.ddl).Text(ddl.undo).Int64(std::llround(suggestion.bytes));
    rows->Float(suggestion.cost_before).Float(suggestion.cost_after).Float(suggestion.improvement);
    rows->Float(suggestion.time_saved).Float(suggestion.write_overhead);
    rows->Int32(static_cast<std::int32_t>(suggestion.helped.size())).Int64Array(queryids);
    rows->Text(dropped != nullptr
                   ? DropReason(suggestion, suggestion.replacement.by.empty()
                                                ? (*names)[suggestion.replacement.suggestion]
                                                : suggestion.replacement.by)
                   : SuggestionReason(suggestion, run.advice.cost_before, run.statements, table));
    rows->Emit();
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
    const String message = WithheldMessage(definitions);
    const String detail = WithheldDetail(withheld, run.statements);
    CallPg([&] { ereport(NOTICE, (errmsg("%s", message.c_str()), errdetail("%s", detail.c_str()))); });
}

void WriteSuggestions(FunctionCallInfo fcinfo)
{
    MemoryScope memory("suggest_indexes");
    RowWriter rows(fcinfo);
    const AdvisorOptions options = ReadOptions(fcinfo);
    const bool recorded = PG_ARGISNULL(0);
    const Vector<WorkItem> items = recorded ? LoadWorkload() : WorkloadOf(arguments::Texts(fcinfo, 0, "queries"));
    AdviceRun run;

    RunAdvice(items, options, &run);
    ReportSkipped(run.skipped, run.statements.size(), recorded);
    DdlWriter writer = MakeDdlWriter();
    Vector<String> names;
    int rank = 0;
    for (const Suggestion &suggestion : run.advice.suggestions)
        WriteSuggestion(&rows, &writer, run, suggestion, ++rank, &names);
    for (const Withheld &withheld : run.advice.withheld)
        ReportWithheld(run, withheld, writer);
    if (run.advice.timed_out)
        CallPg([&] {
            ereport(NOTICE, (errmsg("the time limit was reached; this is the best advice found until then"),
                             errhint("Give a longer time_limit to search on.")));
        });
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_suggest_indexes_0_1);

    PGDLLEXPORT Datum advisor_suggest_indexes_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteSuggestions(fcinfo); });
        return static_cast<Datum>(0);
    }
}
