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
#include "capture/recorder.hpp"

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
    int64 rows;
    int64 ticks;        /* a meter, as the next: see SwitchMeter */
    store::Usage usage;
    store::StatementKey key;
};

inline constexpr int kMostOpen = 128;
extern HIDDEN Execution open_executions[kMostOpen];
extern HIDDEN Execution *open_end; /* places from here on are free */

/*
 * A meter that is off stands at what was used while it was on. One that is on stands at what the backend had used
 * when it was switched on, less what the meter stood at: so one subtraction switches it either way.
 */
inline void SwitchMeter(int64 *ticks, int64 now) { *ticks = now - *ticks; }

inline void SwitchMeter(store::Usage *usage)
{
    using Pair = store::Usage::Pair;
    static_assert(offsetof(BufferUsage, shared_blks_written) == 3 * sizeof(int64));
    static_assert(offsetof(BufferUsage, temp_blks_written) == offsetof(BufferUsage, temp_blks_read) + sizeof(int64));
    const auto *shared_blocks = reinterpret_cast<const Pair *>(&pgBufferUsage.shared_blks_hit);
    const auto *temp_blocks = reinterpret_cast<const Pair *>(&pgBufferUsage.temp_blks_read);
    usage->Pairs()[0] = shared_blocks[0] - usage->Pairs()[0];
    usage->Pairs()[1] = shared_blocks[1] - usage->Pairs()[1];
    usage->Pairs()[2] = temp_blocks[0] - usage->Pairs()[2];
    usage->wal_records = pgWalUsage.wal_records - usage->wal_records;
    usage->wal_bytes = pgWalUsage.wal_bytes - usage->wal_bytes;
}

/* The youngest of this address: an older one was abandoned, and goes with its transaction. */
inline Execution *FindOpen(const QueryDesc *query_desc)
{
    for (Execution *execution = open_end; execution > open_executions;)
        if ((--execution)->query_desc == query_desc)
            return execution;
    return nullptr;
}

/* A place for it; nullptr when too many are open: that one is then not recorded. */
inline Execution *Open(QueryDesc *query_desc, Pending *slot)
{
    if (unlikely(open_end == open_executions + kMostOpen))
        return nullptr;
    Execution *execution = open_end++;
    execution->query_desc = query_desc;
    execution->slot = slot;
    execution->epoch = table_epoch;
    execution->subtransaction = transaction_level;
    execution->active = true;
    execution->ticks = 0;
    execution->rows = 0;
    execution->usage = store::Usage{};
    execution->key = slot->key;
    return execution;
}

inline void Close(Execution *execution)
{
    execution->query_desc = nullptr;
    while (open_end > open_executions && open_end[-1].query_desc == nullptr)
        open_end--;
}

extern HIDDEN int64 last_ticks; /* when a statement of this backend ended last */

inline void BeginRun(Execution *execution)
{
    execution->active = true;
    SwitchMeter(&execution->usage);
    SwitchMeter(&execution->ticks, NowTicks());
}

inline void EndRun(Execution *execution)
{
    last_ticks = NowTicks();
    SwitchMeter(&execution->ticks, last_ticks);
    SwitchMeter(&execution->usage);
    execution->active = false;
}

/* Forgets executions begun at this subtransaction nesting level or deeper; calls `failed` for those that were
 * active. */
void ForgetAbove(int subtransaction, void (*failed)(const Execution &execution));
/* What a committed subtransaction began belongs to its parent from then on. */
void PassToParent(int subtransaction);

} // namespace pg_advisor::capture
