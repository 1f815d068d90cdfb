/*
 * The pending counters: open addressing, grown on demand, emptied when full.
 *
 * A flush at the end of a transaction runs where an error would be a PANIC, so it takes locks only if they
 * are free, allocates nothing and leaves what it could not hand over for the next time.
 */
#include "capture/pending.hpp"

#include "settings.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr uint32 kFirstCapacity = 32;
constexpr uint32 kLargestCapacity = 512;
constexpr int64 kCallsBeforeFlush = 60000; /* a histogram bucket holds 65535 */
constexpr int kPatience = 50;              /* intervals after which a contended lock is waited for */

Pending *slots = nullptr;
uint32 capacity = 0;
uint32 used = 0;
uint32 generation = 0;
TimestampTz last_flush = 0;

Pending *Probe(Pending *table, uint32 size, const store::StatementKey &key)
{
    for (uint32 i = static_cast<uint32>(key.queryid) & (size - 1);; i = (i + 1) & (size - 1))
        if (!table[i].used || table[i].key == key)
            return &table[i];
}

void Clear()
{
    if (slots != nullptr)
        memset(slots, 0, sizeof(Pending) * capacity);
    used = 0;
}

void ClearCounts(Pending *slot)
{
    memset(&slot->counters, 0, sizeof(slot->counters));
    memset(slot->histogram, 0, sizeof(slot->histogram));
    slot->dirty = false;
}

bool HandOver(Pending *slot, TimestampTz now, bool wait)
{
    if (!slot->used || !slot->dirty)
        return true;
    const store::Delta delta{slot->counters, slot->histogram};
    if (!store::Merge(slot->key, delta, now, wait, &slot->known))
        return false;
    ClearCounts(slot);
    if (!slot->known.query)
        slot->tree_tried = false; /* the entry is new: it was evicted, and its tree with it */
    return true;
}

/* What was counted before a reset must not come back after it. */
void ForgetIfReset()
{
    const uint32 now = pg_atomic_read_u32(&store::shared->generation);
    if (now == generation)
        return;
    generation = now;
    Clear();
}

bool Grow()
{
    const uint32 larger = capacity == 0 ? kFirstCapacity : capacity * 2;
    if (larger > kLargestCapacity)
        return false;
    auto *table = static_cast<Pending *>(MemoryContextAllocExtended(TopMemoryContext, sizeof(Pending) * larger,
                                                                    MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO));
    if (table == nullptr)
        return false;
    for (uint32 i = 0; i < capacity; i++)
        if (slots[i].used)
            *Probe(table, larger, slots[i].key) = slots[i];
    if (slots != nullptr)
        pfree(slots);
    slots = table;
    capacity = larger;
    return true;
}

bool MakeRoom()
{
    if (used * 4 < capacity * 3 || Grow())
        return true;
    if (slots == nullptr)
        return false;
    FlushAll();
    Clear();
    return true;
}

} // namespace

store::StatementKey KeyFor(uint64 queryid, bool toplevel)
{
    return store::StatementKey{GetUserId(), MyDatabaseId, queryid, toplevel ? 1U : 0U, 0};
}

Pending *SlotFor(const store::StatementKey &key)
{
    ForgetIfReset();
    if (slots != nullptr)
    {
        Pending *slot = Probe(slots, capacity, key);
        if (slot->used)
            return slot;
    }
    if (!MakeRoom())
        return nullptr;
    Pending *slot = Probe(slots, capacity, key);
    slot->used = true;
    slot->key = key;
    used++;
    (void)store::Lookup(key, &slot->known);
    return slot;
}

void CountExecution(Pending *slot, int64 nanoseconds)
{
    store::Counters &c = slot->counters;
    const auto value = static_cast<double>(nanoseconds);

    slot->executions++;
    c.calls++;
    c.total_ns += nanoseconds;
    if (c.calls == 1 || nanoseconds < c.min_ns)
        c.min_ns = nanoseconds;
    if (nanoseconds > c.max_ns)
        c.max_ns = nanoseconds;
    /* Welford (1962) */
    const double delta = value - c.mean_ns;
    c.mean_ns += delta / static_cast<double>(c.calls);
    c.m2_ns2 += delta * (value - c.mean_ns);
    slot->histogram[store::BucketOf(nanoseconds)]++;
    slot->dirty = true;
    if (slot->executions == 1 || c.calls >= kCallsBeforeFlush)
        FlushSlot(slot);
}

void FlushSlot(Pending *slot)
{
    slot->dirty = true;
    (void)HandOver(slot, GetCurrentTimestamp(), true);
}

void FlushIfDue(TimestampTz now, bool at_once)
{
    const int64 interval = static_cast<int64>(settings::flush_interval_ms) * 1000;

    if (used == 0 || (!at_once && now - last_flush < interval))
        return;
    ForgetIfReset();
    const bool late = last_flush != 0 && now - last_flush > interval * kPatience;
    bool all = true;
    for (uint32 i = 0; i < capacity; i++)
        all &= HandOver(&slots[i], now, late);
    if (all)
        last_flush = now;
}

void FlushAll()
{
    if (used == 0)
        return;
    ForgetIfReset();
    const TimestampTz now = GetCurrentTimestamp();
    for (uint32 i = 0; i < capacity; i++)
        (void)HandOver(&slots[i], now, true);
    last_flush = now;
}

void ForgetAll()
{
    Clear();
}

} // namespace pg_advisor::capture
