/*
 * The executions that are open in this backend: cursors may be many, and they interleave.
 *
 * A fixed array of places that never move, used like a stack: the youngest is nearly always the one that is
 * asked for. What an aborted subtransaction left behind is removed by ForgetAbove. Inline, because every
 * execution of every statement passes here.
 */
#pragma once

#include "capture/clock.hpp"
#include "capture/pending.hpp"

namespace pg_advisor::capture
{

struct Execution
{
    QueryDesc *query_desc; /* nullptr: the place is free */
    Pending *slot;         /* good while `epoch` is that of the table */
    uint32 epoch;
    int subtransaction;
    bool sampled;
    bool active; /* starting or running: if its transaction aborts now it has failed */
    int64 started; /* ticks, as the next */
    int64 ticks;
    int64 rows;
    store::Usage before;
    store::Usage sum;
    store::StatementKey key;
};

inline constexpr int kMostOpen = 128;
extern Execution open_executions[kMostOpen];
extern int open_top; /* places from here on are free */

inline store::Usage CurrentUsage()
{
    return store::Usage{pgBufferUsage.shared_blks_hit,     pgBufferUsage.shared_blks_read,
                        pgBufferUsage.shared_blks_dirtied, pgBufferUsage.shared_blks_written,
                        pgBufferUsage.temp_blks_read,      pgBufferUsage.temp_blks_written,
                        pgWalUsage.wal_records,            pgWalUsage.wal_bytes};
}

/* Adds what was used since `before`. */
inline void AddSince(store::Usage *sum, const store::Usage &before)
{
    const store::Usage now = CurrentUsage();
    sum->shared_blks_hit += now.shared_blks_hit - before.shared_blks_hit;
    sum->shared_blks_read += now.shared_blks_read - before.shared_blks_read;
    sum->shared_blks_dirtied += now.shared_blks_dirtied - before.shared_blks_dirtied;
    sum->shared_blks_written += now.shared_blks_written - before.shared_blks_written;
    sum->temp_blks_read += now.temp_blks_read - before.temp_blks_read;
    sum->temp_blks_written += now.temp_blks_written - before.temp_blks_written;
    sum->wal_records += now.wal_records - before.wal_records;
    sum->wal_bytes += now.wal_bytes - before.wal_bytes;
}

inline Execution *FindOpen(const QueryDesc *query_desc)
{
    for (int i = open_top - 1; i >= 0; i--)
        if (open_executions[i].query_desc == query_desc)
            return &open_executions[i];
    return nullptr;
}

/* A place for it; nullptr when too many are open: that one is then not recorded. */
inline Execution *Open(QueryDesc *query_desc, Pending *slot)
{
    Execution *execution = FindOpen(query_desc); /* one that was abandoned at the same address */
    if (execution == nullptr)
    {
        if (open_top == kMostOpen)
            return nullptr;
        execution = &open_executions[open_top++];
    }
    execution->query_desc = query_desc;
    execution->slot = slot;
    execution->epoch = table_epoch;
    execution->subtransaction = GetCurrentTransactionNestLevel();
    execution->active = true;
    execution->ticks = 0;
    execution->rows = 0;
    execution->sum = store::Usage{};
    execution->key = slot->key;
    return execution;
}

inline void Close(Execution *execution)
{
    execution->query_desc = nullptr;
    while (open_top > 0 && open_executions[open_top - 1].query_desc == nullptr)
        open_top--;
}

extern int64 last_ticks; /* when a statement of this backend ended last */

inline void BeginRun(Execution *execution)
{
    execution->active = true;
    execution->before = CurrentUsage();
    execution->started = NowTicks();
}

inline void EndRun(Execution *execution)
{
    last_ticks = NowTicks();
    execution->ticks += last_ticks - execution->started;
    AddSince(&execution->sum, execution->before);
    execution->active = false;
}

/* Forgets executions begun at this subtransaction nesting level or deeper; calls `failed` for those that were
 * active. True if there was one. */
bool ForgetAbove(int subtransaction, void (*failed)(const Execution &execution));
/* What a committed subtransaction began belongs to its parent from then on. */
void PassToParent(int subtransaction);

} // namespace pg_advisor::capture
