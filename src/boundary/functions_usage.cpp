/*
 * SQL function behind the view advisor.column_usage.
 */
#include "boundary/memory.hpp"
#include "boundary/rows.hpp"
#include "workload/column_usage.hpp"

namespace pg_advisor
{

namespace
{

std::string_view OrEmpty(const char *text)
{
    return text == nullptr ? std::string_view() : std::string_view(text);
}

void WriteOid(RowWriter *rows, Oid oid)
{
    if (OidIsValid(oid))
        rows->Oid32(oid);
    else
        rows->Null();
}

void WriteUse(RowWriter *rows, const StatementUses &statement, const ColumnUse &use)
{
    rows->Int64(statement.queryid).Int64(std::llround(statement.calls)).Float(statement.total_time);
    rows->Oid32(use.relation).Int16(use.column).Text(use.place);
    rows->TextOrNull(OrEmpty(use.wrapper)).TextOrNull(OrEmpty(use.key)).TextOrNull(OrEmpty(use.operator_name));
    WriteOid(rows, use.op);
    WriteOid(rows, use.collation);
    rows->TextOrNull(OrEmpty(use.other));
    WriteOid(rows, use.other_type);
    WriteOid(rows, use.other_relation);
    if (use.other_column != 0)
        rows->Int16(use.other_column);
    else
        rows->Null();
    rows->TextOrNull(OrEmpty(use.pattern));
    rows->Emit();
}

void WriteUses(FunctionCallInfo fcinfo)
{
    MemoryScope memory("column_usage");
    RowWriter rows(fcinfo);
    for (const StatementUses &statement : ReadColumnUses())
        for (const ColumnUse &use : statement.uses)
            WriteUse(&rows, statement, use);
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_column_usage_0_1);

    PGDLLEXPORT Datum advisor_column_usage_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteUses(fcinfo); });
        return static_cast<Datum>(0);
    }
}
