/*
 * The SQL functions of the what-if part: advisor.what_if, evaluate_indexes, suggestion_queries, estimate_index.
 *
 * The shims enter C++ through Shield and a MemoryScope and do nothing else.
 */
#include "boundary/arguments.hpp"
#include "boundary/memory.hpp"
#include "boundary/rows.hpp"
#include "boundary/skipped.hpp"
#include "whatif/evaluate.hpp"
#include "whatif/index_effect.hpp"

namespace pg_advisor
{

namespace
{

void WhatIf(FunctionCallInfo fcinfo)
{
    MemoryScope memory("what_if");
    const String query = arguments::Text(fcinfo, 0, "query");
    const Vector<String> created = arguments::Texts(fcinfo, 1, "create_indexes");
    const Vector<Oid> dropped = arguments::Indexes(fcinfo, 2, "drop_indexes");
    RowWriter rows(fcinfo);
    for (const String &line : whatif::WhatIf(query, created, dropped))
        rows.Text(line).Emit();
}

Vector<WorkItem> Statements(FunctionCallInfo fcinfo, int position)
{
    if (PG_ARGISNULL(position))
        return LoadWorkload();
    const Vector<String> texts = arguments::Texts(fcinfo, position, "queries");
    if (texts.empty())
        throw Failure("22023", "queries is empty", "", "Give at least one statement, or NULL for the recorded workload.");
    return WorkloadOf(texts);
}

void WriteEvaluation(RowWriter *rows, const whatif::Evaluation &row)
{
    if (row.queryid)
        rows->Int64(*row.queryid);
    else
        rows->Null();
    rows->Text(row.text).Int64(std::llround(row.calls));
    if (row.cost_before && row.cost_after)
        rows->Float(*row.cost_before).Float(*row.cost_after).TextArray(row.indexes_used);
    else
        rows->Null().Null().Null();
    if (row.write_overhead)
        rows->Float(*row.write_overhead);
    else
        rows->Null();
    rows->Emit();
}

void EvaluateIndexes(FunctionCallInfo fcinfo)
{
    MemoryScope memory("evaluate_indexes");
    const Vector<String> created = arguments::Texts(fcinfo, 0, "create_indexes");
    const Vector<Oid> dropped = arguments::Indexes(fcinfo, 1, "drop_indexes");
    RowWriter rows(fcinfo);
    std::size_t number = 0;
    for (const whatif::Evaluation &row : whatif::Evaluate(created, dropped, Statements(fcinfo, 2)))
    {
        number += 1;
        if (!row.problem.empty())
            CallPg([&] {
                ereport(WARNING, (errmsg("statement %zu cannot be planned: %s", number, row.problem.c_str())));
            });
        WriteEvaluation(&rows, row);
    }
}

/* What a second index of the same kind would bring is of no use to anybody. */
void NoteExisting(const String &index)
{
    const char *name = index.c_str();
    CallPg([&] {
        ereport(NOTICE, (errmsg("index \"%s\" has this definition already", name),
                         errdetail("The rows tell what it does now: cost_before is the cost without it."),
                         errhint("There is nothing to create.")));
    });
}

void SuggestionQueries(FunctionCallInfo fcinfo)
{
    MemoryScope memory("suggestion_queries");
    const String ddl = arguments::Text(fcinfo, 0, "ddl");
    RowWriter rows(fcinfo);
    const whatif::IndexEffect effect = whatif::EffectOf(ddl, Statements(fcinfo, 1));
    if (!effect.existing.empty())
        NoteExisting(effect.existing);
    ReportSkipped(effect.skipped, effect.planned, PG_ARGISNULL(1));
    for (const whatif::StatementEffect &row : effect.statements)
    {
        if (row.queryid)
            rows.Int64(*row.queryid);
        else
            rows.Null();
        rows.Text(row.text).Int64(std::llround(row.calls)).Float(row.cost_before).Float(row.cost_after);
        rows.Float(row.cost_before > 0 ? (row.cost_before - row.cost_after) / row.cost_before : 0);
        rows.TextOrNull(row.usage).Emit();
    }
}

void EstimateIndex(FunctionCallInfo fcinfo)
{
    MemoryScope memory("estimate_index");
    const whatif::IndexEstimate estimate = whatif::EstimateIndex(arguments::Text(fcinfo, 0, "create_index"));
    RowWriter rows(fcinfo);
    rows.Oid32(estimate.relation).Int64(std::llround(estimate.bytes)).Int32(static_cast<std::int32_t>(estimate.height));
    rows.Emit();
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_what_if_0_1);
    PG_FUNCTION_INFO_V1(advisor_evaluate_indexes_0_1);
    PG_FUNCTION_INFO_V1(advisor_suggestion_queries_0_1);
    PG_FUNCTION_INFO_V1(advisor_estimate_index_0_1);
    PGDLLEXPORT Datum advisor_what_if_0_1(PG_FUNCTION_ARGS);
    PGDLLEXPORT Datum advisor_evaluate_indexes_0_1(PG_FUNCTION_ARGS);
    PGDLLEXPORT Datum advisor_suggestion_queries_0_1(PG_FUNCTION_ARGS);
    PGDLLEXPORT Datum advisor_estimate_index_0_1(PG_FUNCTION_ARGS);

    Datum advisor_what_if_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WhatIf(fcinfo); });
        return static_cast<Datum>(0);
    }

    Datum advisor_evaluate_indexes_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::EvaluateIndexes(fcinfo); });
        return static_cast<Datum>(0);
    }

    Datum advisor_suggestion_queries_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::SuggestionQueries(fcinfo); });
        return static_cast<Datum>(0);
    }

    Datum advisor_estimate_index_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::EstimateIndex(fcinfo); });
        return static_cast<Datum>(0);
    }
}
