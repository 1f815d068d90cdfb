/*
 * SQL functions that rules of the review call: what the index advice knows of comparing, sizing and writing indexes.
 *
 * One object that cannot be read (an expression that fails when it is folded, a lock that is taken) must not stop a
 * rule: it yields no row or NULL, as one that is gone.
 */
#include "advise/redundancy.hpp"
#include "advise/unused.hpp"
#include "boundary/arguments.hpp"
#include "boundary/memory.hpp"
#include "boundary/rows.hpp"
#include "boundary/sandbox.hpp"
#include "whatif/catalog_reader.hpp"
#include "whatif/evaluate.hpp"
#include "workload/index_ddl.hpp"

#include <optional>

namespace pg_advisor
{

namespace
{

Catalog Read(Oid relation)
{
    Catalog catalog;
    try
    {
        whatif::ReadOne(catalog, relation, whatif::Detail::Definitions);
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
    }
    return catalog;
}

void WriteRedundant(FunctionCallInfo fcinfo)
{
    MemoryScope memory("redundant_indexes");
    const Vector<Oid> relations = arguments::Relations(fcinfo, 0, "tables");
    RowWriter rows(fcinfo);
    for (const Oid relation : relations)
    {
        CheckInterrupts();
        for (const auto &[oid, table] : Read(relation))
            for (const RedundantIndex &redundant : FindRedundant(table))
            {
                const ExistingIndex &index = *redundant.index, &by = *redundant.cover.index;
                const bool repeats = by.spec.unique && !index.spec.unique;
                rows.Oid32(index.oid).Oid32(by.oid);
                rows.Text(!redundant.cover.same ? "prefix" : repeats ? "unique-repeats" : "duplicate");
                rows.TextOrNull(NeededFor(index)).Emit();
            }
    }
}

/* Redundant ones count as dropped: what covers them may then be all there is for a foreign key. */
void WriteExpendable(FunctionCallInfo fcinfo)
{
    MemoryScope memory("expendable_indexes");
    const Vector<Oid> relations = arguments::Relations(fcinfo, 0, "tables");
    RowWriter rows(fcinfo);
    for (const Oid relation : relations)
    {
        CheckInterrupts();
        for (const auto &[oid, table] : Read(relation))
        {
            Vector<Oid32> gone;
            for (const RedundantIndex &redundant : FindRedundant(table))
                gone.push_back(redundant.index->oid);
            std::sort(gone.begin(), gone.end());
            for (const ExistingIndex &index : table.indexes)
                if (!std::binary_search(gone.begin(), gone.end(), index.oid) && IsExpendable(index, table, gone))
                    rows.Oid32(index.oid).Emit();
        }
    }
}

std::optional<double> RebuiltBytes(Oid index)
{
    try
    {
        const char *definition = nullptr;
        Sandbox({}, [&] { definition = pg_get_indexdef_string(index); });
        return whatif::EstimateIndex(String(definition)).bytes;
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
    }
    catch (const Failure &)
    {
    }
    return std::nullopt;
}

void WriteDdl(FunctionCallInfo fcinfo)
{
    MemoryScope memory("index_ddl");
    const Oid relation = PG_GETARG_OID(0);
    const Vector<String> names = arguments::Texts(fcinfo, 1, "columns");
    RowWriter rows(fcinfo);
    Catalog catalog = Read(relation);
    const auto found = catalog.find(relation);
    if (found == catalog.end())
        return;
    const TableInfo &table = found->second;
    IndexSpec index;
    index.relation = relation;
    for (const String &name : names)
        for (const ColumnInfo &column : table.columns)
            if (column.name == name)
            {
                KeyPart key;
                key.column = column.number;
                index.keys.push_back(key);
            }
    if (index.keys.size() != names.size())
        return;
    const IndexDdl ddl = MakeDdlWriter().Write(index, table, ReadPartitions(table, catalog));
    rows.Text(ddl.ddl).Text(ddl.undo).Emit();
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_redundant_indexes_0_1);
    PG_FUNCTION_INFO_V1(advisor_expendable_indexes_0_1);
    PG_FUNCTION_INFO_V1(advisor_temporary_schema_is_idle_0_1);
    PG_FUNCTION_INFO_V1(advisor_rebuilt_index_bytes_0_1);
    PG_FUNCTION_INFO_V1(advisor_index_ddl_0_1);

    PGDLLEXPORT Datum advisor_redundant_indexes_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteRedundant(fcinfo); });
        return static_cast<Datum>(0);
    }

    PGDLLEXPORT Datum advisor_expendable_indexes_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteExpendable(fcinfo); });
        return static_cast<Datum>(0);
    }

    PGDLLEXPORT Datum advisor_temporary_schema_is_idle_0_1(PG_FUNCTION_ARGS)
    {
        PG_RETURN_BOOL(checkTempNamespaceStatus(PG_GETARG_OID(0)) == TEMP_NAMESPACE_IDLE);
    }

    PGDLLEXPORT Datum advisor_rebuilt_index_bytes_0_1(PG_FUNCTION_ARGS)
    {
        std::optional<double> bytes;
        pg_advisor::Shield([&] {
            pg_advisor::MemoryScope memory("rebuilt_index_bytes");
            bytes = pg_advisor::RebuiltBytes(PG_GETARG_OID(0));
        });
        if (!bytes)
            PG_RETURN_NULL();
        PG_RETURN_INT64(std::llround(*bytes));
    }

    PGDLLEXPORT Datum advisor_index_ddl_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteDdl(fcinfo); });
        return static_cast<Datum>(0);
    }
}
