/*
 * The open executions of this backend: see executions.hpp.
 */
#include "capture/executions.hpp"

namespace pg_advisor::capture
{

namespace
{
constexpr int kMostOpen = 128;
Execution open_executions[kMostOpen];
int open_count = 0;
} // namespace

Usage CurrentUsage()
{
    return Usage{pgBufferUsage.shared_blks_hit,     pgBufferUsage.shared_blks_read,  pgBufferUsage.shared_blks_dirtied,
                 pgBufferUsage.shared_blks_written, pgBufferUsage.temp_blks_read,    pgBufferUsage.temp_blks_written,
                 pgWalUsage.wal_records,            pgWalUsage.wal_bytes};
}

void AddDifference(Usage *sum, const Usage &before, const Usage &after)
{
    sum->shared_blks_hit += after.shared_blks_hit - before.shared_blks_hit;
    sum->shared_blks_read += after.shared_blks_read - before.shared_blks_read;
    sum->shared_blks_dirtied += after.shared_blks_dirtied - before.shared_blks_dirtied;
    sum->shared_blks_written += after.shared_blks_written - before.shared_blks_written;
    sum->temp_blks_read += after.temp_blks_read - before.temp_blks_read;
    sum->temp_blks_written += after.temp_blks_written - before.temp_blks_written;
    sum->wal_records += after.wal_records - before.wal_records;
    sum->wal_bytes += after.wal_bytes - before.wal_bytes;
}

Execution *FindOpen(const QueryDesc *query_desc)
{
    for (int i = open_count - 1; i >= 0; i--)
        if (open_executions[i].query_desc == query_desc)
            return &open_executions[i];
    return nullptr;
}

Execution *Open(QueryDesc *query_desc)
{
    Execution *execution = FindOpen(query_desc); /* one that was abandoned at the same address */
    if (execution == nullptr)
    {
        if (open_count == kMostOpen)
            return nullptr;
        execution = &open_executions[open_count++];
    }
    memset(execution, 0, sizeof(Execution));
    execution->query_desc = query_desc;
    execution->subtransaction = GetCurrentTransactionNestLevel();
    return execution;
}

void Close(Execution *execution)
{
    const auto at = static_cast<int>(execution - open_executions);
    memmove(execution, execution + 1, sizeof(Execution) * (open_count - at - 1));
    open_count--;
}

void ForgetAbove(int subtransaction)
{
    for (int i = open_count - 1; i >= 0; i--)
        if (open_executions[i].subtransaction >= subtransaction)
            Close(&open_executions[i]);
}

void PassToParent(int subtransaction)
{
    for (int i = 0; i < open_count; i++)
        open_executions[i].subtransaction = std::min(open_executions[i].subtransaction, subtransaction - 1);
}

} // namespace pg_advisor::capture
