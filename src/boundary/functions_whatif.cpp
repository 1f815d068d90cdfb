/*
 * The SQL functions of the what-if part: advisor.what_if, evaluate_indexes, estimate_index.
 *
 * The shims enter C++ through Shield and a MemoryScope and do nothing else.
 */
#include "boundary/arguments.hpp"
#include "boundary/memory.hpp"
#include "whatif/evaluate.hpp"

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
    for (const String &line : whatif::WhatIf(query, created, dropped))
    {
        Datum value = arguments::TextDatum(line);
        bool null = false;
        arguments::PutRow(fcinfo, &value, &null);
    }
}

Vector<WorkItem> Statements(FunctionCallInfo fcinfo)
{
    if (PG_ARGISNULL(2))
        return LoadWorkload();
    const Vector<String> texts = arguments::Texts(fcinfo, 2, "queries");
    if (texts.empty())
        throw Failure("22023", "queries is empty", "", "Give at least one statement, or NULL for the recorded workload.");
    return WorkloadOf(texts);
}

void PutEvaluation(FunctionCallInfo fcinfo, const whatif::Evaluation &row)
{
    const bool known = row.cost_before.has_value() && row.cost_after.has_value();
    Datum values[6] = {Int64GetDatum(row.queryid.value_or(0)), arguments::TextDatum(row.text),
                       Int64GetDatum(std::llround(row.calls)), Float8GetDatum(row.cost_before.value_or(0)),
                       Float8GetDatum(row.cost_after.value_or(0)), arguments::TextArrayDatum(row.indexes_used)};
    bool nulls[6] = {!row.queryid.has_value(), false, false, !known, !known, !known};
    arguments::PutRow(fcinfo, values, nulls);
}

void EvaluateIndexes(FunctionCallInfo fcinfo)
{
    MemoryScope memory("evaluate_indexes");
    const Vector<String> created = arguments::Texts(fcinfo, 0, "create_indexes");
    const Vector<Oid> dropped = arguments::Indexes(fcinfo, 1, "drop_indexes");
    std::size_t number = 0;
    for (const whatif::Evaluation &row : whatif::Evaluate(created, dropped, Statements(fcinfo)))
    {
        number += 1;
        if (!row.problem.empty())
            CallPg([&] {
                ereport(WARNING, (errmsg("statement %zu cannot be planned: %s", number, row.problem.c_str())));
            });
        PutEvaluation(fcinfo, row);
    }
}

void EstimateIndex(FunctionCallInfo fcinfo)
{
    MemoryScope memory("estimate_index");
    const whatif::IndexEstimate estimate = whatif::EstimateIndex(arguments::Text(fcinfo, 0, "create_index"));
    Datum values[3] = {ObjectIdGetDatum(estimate.relation), Int64GetDatum(std::llround(estimate.bytes)),
                       Int32GetDatum(static_cast<int32>(estimate.height))};
    bool nulls[3] = {};
    arguments::PutRow(fcinfo, values, nulls);
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_what_if_0_1);
    PG_FUNCTION_INFO_V1(advisor_evaluate_indexes_0_1);
    PG_FUNCTION_INFO_V1(advisor_estimate_index_0_1);
    PGDLLEXPORT Datum advisor_what_if_0_1(PG_FUNCTION_ARGS);
    PGDLLEXPORT Datum advisor_evaluate_indexes_0_1(PG_FUNCTION_ARGS);
    PGDLLEXPORT Datum advisor_estimate_index_0_1(PG_FUNCTION_ARGS);

    Datum advisor_what_if_0_1(PG_FUNCTION_ARGS)
    {
        InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
        pg_advisor::Shield([&] { pg_advisor::WhatIf(fcinfo); });
        return static_cast<Datum>(0);
    }

    Datum advisor_evaluate_indexes_0_1(PG_FUNCTION_ARGS)
    {
        InitMaterializedSRF(fcinfo, 0);
        pg_advisor::Shield([&] { pg_advisor::EvaluateIndexes(fcinfo); });
        return static_cast<Datum>(0);
    }

    Datum advisor_estimate_index_0_1(PG_FUNCTION_ARGS)
    {
        InitMaterializedSRF(fcinfo, 0);
        pg_advisor::Shield([&] { pg_advisor::EstimateIndex(fcinfo); });
        return static_cast<Datum>(0);
    }
}
