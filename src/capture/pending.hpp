/*
 * What this backend has counted and not yet handed to the store: a small private hash table.
 *
 * The hit path is a look-up and additions in private memory: no lock, no shared line, no allocation.
 * Hot-path rules as in recorder.hpp. Pointers to slots are good until the next call of SlotFor.
 */
#pragma once

#include "store/store.hpp"

namespace pg_advisor::capture
{

struct Pending
{
    store::StatementKey key;
    bool used;
    bool dirty;
    bool tree_tried;
    uint32 executions; /* by this backend: decides what is sampled */
    uint32 sample_at[2]; /* the next executions to be remembered: neighbours in Fibonacci's sequence */
    uint32 usual_samples; /* taken by this backend */
    store::Known known;
    store::Counters counters;
    uint16 histogram[store::kHistogramBuckets];
};

store::StatementKey KeyFor(uint64 queryid, bool toplevel);
/* Finds or makes the slot; nullptr only when there is no memory. */
Pending *SlotFor(const store::StatementKey &key);

void CountExecution(Pending *slot, int64 nanoseconds);

/* At the end of a transaction: hands over what is due, skips contended locks unless it is late. */
void FlushIfDue(TimestampTz now, bool at_once);
/* Before this backend reads the store, and at exit. */
void FlushAll();
/* After this backend removed entries from the store: what it knows of them is no longer true. */
void ForgetAll();
/* The statement was seen for the first time by this backend: others shall see it at once. */
void FlushSlot(Pending *slot);

} // namespace pg_advisor::capture
