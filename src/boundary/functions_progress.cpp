/*
 * Data of the view advisor.progress: the advice under way in all sessions.
 *
 * As in pg_stat_progress_*, everybody sees that a session is at it; how far it is, who has the session's role or
 * pg_read_all_stats.
 */
#include "boundary/memory.hpp"
#include "boundary/rows.hpp"
#include "store/progress.hpp"
#include "store/store.hpp"
#include "workload/advice_run.hpp"

namespace pg_advisor
{

namespace
{

constexpr int kOpenColumns = 3;
constexpr int kColumns = 12;

bool MaySeeProgressOf(Oid user)
{
    return CallPg([&] {
        return has_privs_of_role(GetUserId(), user) || has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);
    });
}

void WriteCost(RowWriter *rows, double cost)
{
    if (cost < 0)
        rows->Null();
    else
        rows->Float(cost);
}

void WriteProgress(RowWriter *rows, const store::ProgressData &data)
{
    rows->Int32(data.pid).Oid32(data.datid).Oid32(data.userid);
    if (!MaySeeProgressOf(data.userid))
    {
        for (int i = kOpenColumns; i < kColumns; i++)
            rows->Null();
        rows->Emit();
        return;
    }
    rows->Text(PhaseName(static_cast<Phase>(data.phase)));
    rows->Int64(data.statements_total).Int64(data.statements_done);
    rows->Int64(data.candidates).Int64(data.planner_calls);
    WriteCost(rows, data.cost_before);
    WriteCost(rows, data.cost_best);
    rows->Time(data.started_at).Float(data.time_limit_ms);
    rows->Emit();
}

void Progress(FunctionCallInfo fcinfo)
{
    MemoryScope memory("progress");
    RowWriter rows(fcinfo);
    if (!store::Available())
        return;
    for (int i = 0; i < store::kProgressSlots; i++)
    {
        store::ProgressData data;
        if (CallPg([&] { return store::ReadProgress(i, &data); }))
            WriteProgress(&rows, data);
    }
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_progress_0_1);

    PGDLLEXPORT Datum advisor_progress_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::Progress(fcinfo); });
        return static_cast<Datum>(0);
    }
}
