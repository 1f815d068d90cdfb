/*
 * SQL functions over what was recorded: advisor.statements, advisor.info, advisor.reset.
 *
 * C symbols carry the SQL version they were introduced with, so that an old SQL definition keeps working
 * with a newer library.
 */
#include "boundary/memory.hpp"
#include "boundary/rows.hpp"
#include "capture/pending.hpp"
#include "store/store.hpp"
#include "workload/snapshot.hpp"

namespace pg_advisor
{

namespace
{

constexpr double kMs = 1e-6; /* ms per ns */

String SqlstateText(int sqlstate)
{
    return sqlstate != 0 ? String(unpack_sql_state(sqlstate)) : String();
}

/* Counts of sampled executions, scaled to all of them. */
double ScanScale(const store::Entry &entry)
{
    if (entry.counters.sampled_calls == 0)
        return 0;
    return static_cast<double>(std::max<int64>(entry.counters.calls, entry.counters.sampled_calls)) /
           static_cast<double>(entry.counters.sampled_calls);
}

void WriteStatement(RowWriter *rows, const StatementSnapshot &statement)
{
    const store::Entry &entry = statement.entry;
    const store::Counters &c = entry.counters;
    const double min_ms = static_cast<double>(c.min_ns) * kMs;
    const double max_ms = static_cast<double>(c.max_ns) * kMs;
    double scans = 0;
    double rows_read = 0;
    for (int i = 0; i < entry.scan_count; i++)
    {
        scans += entry.scans[i].loops * ScanScale(entry);
        rows_read += entry.scans[i].rows_read * ScanScale(entry);
    }

    rows->Oid32(entry.key.userid).Oid32(entry.key.dbid).Bool(entry.key.toplevel != 0);
    if (statement.visible)
        rows->Int64(static_cast<int64>(entry.key.queryid)).TextOrNull(statement.query);
    else
        rows->Null().Text("<insufficient privilege>");
    rows->Int64(c.plans).Float(static_cast<double>(c.plan_ns) * kMs).Int64(c.calls);
    rows->Float(static_cast<double>(c.total_ns) * kMs).Float(min_ms).Float(max_ms).Float(c.mean_ns * kMs);
    rows->Float(c.calls > 0 ? std::sqrt(c.m2_ns2 / static_cast<double>(c.calls)) * kMs : 0);
    for (double fraction : {0.50, 0.95, 0.99})
        rows->Float(store::Percentile(entry.histogram, fraction, min_ms, max_ms));
    rows->Int64(c.rows).Int64(c.usage.shared_blks_hit).Int64(c.usage.shared_blks_read).Int64(c.usage.shared_blks_dirtied);
    rows->Int64(c.usage.shared_blks_written).Int64(c.usage.temp_blks_read).Int64(c.usage.temp_blks_written);
    rows->Int64(c.usage.wal_records).Int64(static_cast<int64>(c.usage.wal_bytes));
    rows->Int64(c.errors).TextOrNull(SqlstateText(c.last_sqlstate));
    rows->Int64(std::llround(scans)).Int64(std::llround(rows_read));
    rows->TextOrNull(statement.visible ? statement.example : String());
    rows->Time(entry.first_seen).Time(entry.last_seen);
    rows->Emit();
}

void Statements(FunctionCallInfo fcinfo)
{
    MemoryScope memory("statements");
    RowWriter rows(fcinfo);
    for (const StatementSnapshot &statement : ReadStore(InvalidOid, kTexts))
    {
        /* Entries made while planning or EXPLAINing did not run: they are no statement yet. */
        if (statement.entry.counters.calls > 0 || statement.entry.counters.errors > 0)
            WriteStatement(&rows, statement);
    }
}

void Info(FunctionCallInfo fcinfo)
{
    RequireStore();
    RowWriter rows(fcinfo);
    int64 used = 0;
    CallPg([&] {
        store::ForEach([](const store::Entry &, void *count) { ++*static_cast<int64 *>(count); }, &used);
    });
    const store::Shared *shared = store::shared;
    const auto capacity = static_cast<int64>(shared->capacity_per_partition) * shared->partitions;
    rows.Time(shared->started_at)
        .Time(static_cast<TimestampTz>(pg_atomic_read_u64(&store::shared->stats_reset)))
        .Int64(used)
        .Int64(capacity)
        .Int64(static_cast<int64>(pg_atomic_read_u64(&store::shared->evicted)))
        .Int64(static_cast<int64>(store::MemoryInUse()))
        .Int64(static_cast<int64>(shared->total_size))
        .Int64(static_cast<int64>(pg_atomic_read_u64(&store::shared->samples_dropped)));
    rows.Emit();
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_statements_0_1);
    PG_FUNCTION_INFO_V1(advisor_info_0_1);
    PG_FUNCTION_INFO_V1(advisor_reset_0_1);

    PGDLLEXPORT Datum advisor_statements_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::Statements(fcinfo); });
        return (Datum)0;
    }

    PGDLLEXPORT Datum advisor_info_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::Info(fcinfo); });
        return (Datum)0;
    }

    PGDLLEXPORT Datum advisor_reset_0_1(PG_FUNCTION_ARGS)
    {
        const Oid user = PG_GETARG_OID(0);
        const Oid database = PG_GETARG_OID(1);
        const auto queryid = static_cast<uint64>(PG_GETARG_INT64(2));
        pg_advisor::Shield([&] {
            pg_advisor::RequireStore();
            pg_advisor::CallPg([&] {
                /* What this backend has counted of other statements must survive, of these it must not. */
                pg_advisor::capture::FlushAll();
                pg_advisor::store::Reset(user, database, queryid);
                pg_advisor::capture::ForgetAll();
            });
        });
        PG_RETURN_VOID();
    }
}
