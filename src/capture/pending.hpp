/*
 * What this backend has counted and not yet handed to the store: a small private hash table.
 *
 * The hit path is a look-up and additions in private memory: no lock, no line that another process writes
 * (but the reset counter of the store, which changes with a reset only), no allocation. Hot-path rules as in
 * recorder.hpp. A pointer to a slot is good while table_epoch stays the same.
 */
#pragma once

#include "capture/clock.hpp"
#include "settings.hpp"
#include "store/store.hpp"

namespace pg_advisor::capture
{

struct Pending
{
    store::StatementKey key;
    bool used;
    bool dirty;
    bool looked_up; /* `known` is true; before, it says that nothing is known */
    bool tree_tried, text_tried; /* in vain or not: once is enough while the store knows the statement */
    uint32 executions;    /* by this backend: decides what is sampled */
    uint32 flush_at;      /* calls: the first is flushed at once, later ones when a histogram bucket could be full */
    uint32 scans_at;      /* number of the execution whose scans are counted next */
    uint32 sample_at[2];  /* the next executions to be remembered: neighbours in Fibonacci's sequence */
    uint32 usual_samples; /* taken by this backend */
    uint8 idle_draws;     /* left to be passed over, because the plan had no scan to count when it was looked at */
    /* Executions beyond these are new extremes, to be remembered: see samples.cpp. */
    int64 slower_than, faster_than; /* ns */
    int64 more_than, less_than;     /* rows */
    store::Known known;
    store::Counters counters;
    uint16 histogram[store::kHistogramBuckets];
};

extern HIDDEN Pending *table;
extern HIDDEN uint32 table_mask;       /* number of slots - 1 */
extern HIDDEN uint32 table_generation; /* of the store, when the table was started */
extern HIDDEN uint32 table_epoch;      /* changes when slots move or go */
extern HIDDEN bool table_dirty;        /* some slot has counts to hand over */
extern HIDDEN int64 last_flush;        /* ticks */

inline int64 FlushInterval() /* ticks */
{
    return static_cast<int64>(settings::flush_interval_ms * clock_rate.ticks_per_ms);
}

inline store::StatementKey KeyFor(uint64 queryid, bool toplevel)
{
    return store::StatementKey{GetUserId(), MyDatabaseId, queryid, toplevel ? 1U : 0U, 0};
}

/* Asks the store what it knows, where nobody did yet: handing over tells it anyway. */
void LookUp(Pending *slot);

/* All that this backend counts is in one database. */
inline bool CountsFor(const Pending &slot, uint64 queryid, Oid userid, bool toplevel)
{
    return slot.key.queryid == queryid && slot.key.userid == userid && slot.key.toplevel == (toplevel ? 1U : 0U);
}

/* nullptr also when the store was reset. */
inline Pending *FindSlot(uint64 queryid, Oid userid, bool toplevel)
{
    if (likely(table != nullptr && pg_atomic_read_u32(&store::shared->generation) == table_generation))
        for (uint32 i = static_cast<uint32>(queryid) & table_mask; table[i].used; i = (i + 1) & table_mask)
            if (likely(CountsFor(table[i], queryid, userid, toplevel)))
                return &table[i];
    return nullptr;
}

/* The following find or make the slot; nullptr only when there is no memory. */
Pending *SlotFor(const store::StatementKey &key);
Pending *MakeSlot(uint64 queryid, bool toplevel);
/* Of the current user. */
inline Pending *SlotFor(uint64 queryid, bool toplevel)
{
    Pending *slot = FindSlot(queryid, GetUserId(), toplevel);
    return likely(slot != nullptr) ? slot : MakeSlot(queryid, toplevel);
}

/* Adds one execution. True if the slot has to be flushed now: others shall see a new statement at once. */
inline bool CountExecution(Pending *slot, int64 nanoseconds)
{
    store::Counters &c = slot->counters;
    const auto value = static_cast<double>(nanoseconds);

    slot->executions++;
    c.calls++;
    c.total_ns += nanoseconds;
    if (unlikely(nanoseconds < c.min_ns)) /* starts at the largest there is */
        c.min_ns = nanoseconds;
    if (unlikely(nanoseconds > c.max_ns))
        c.max_ns = nanoseconds;
    /* Welford (1962) */
    const double delta = value - c.mean_ns;
    c.mean_ns += delta / static_cast<double>(c.calls);
    c.m2_ns2 += delta * (value - c.mean_ns);
    slot->histogram[store::BucketOf(nanoseconds)]++;
    slot->dirty = table_dirty = true;
    return c.calls >= slot->flush_at;
}

/* At the end of a transaction, when there is something: hands over what is due by the recorder's clock; skips
 * contended locks unless it is late. */
void FlushIfDue(int64 now, bool at_once);
/* Before this backend reads the store, and at exit. */
void FlushAll();
/* After this backend removed entries from the store: what it knows of them is no longer true. */
void ForgetAll();
/* One slot, waiting for the lock; with the statement's text where the store has none. */
void FlushSlot(Pending *slot, const store::TextData *text);

} // namespace pg_advisor::capture
