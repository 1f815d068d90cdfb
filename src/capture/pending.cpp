/*
 * The pending counters: open addressing, grown on demand, emptied when full.
 *
 * A flush at the end of a transaction runs where an error would be a PANIC, so it takes locks only if they
 * are free, allocates nothing and leaves what it could not hand over for the next time.
 */
#include "capture/pending.hpp"

#include "capture/samples.hpp"

namespace pg_advisor::capture
{

Pending *table = nullptr;
uint32 table_mask = 0;
uint32 table_generation = 0;
uint32 table_epoch = 0;
bool table_dirty = false;
int64 last_flush = 0;

namespace
{

constexpr uint32 kFirstCapacity = 32;
constexpr uint32 kLargestCapacity = 512;
constexpr uint32 kCallsBeforeFlush = 60000; /* a histogram bucket holds 65535 */
constexpr int kPatience = 50; /* intervals after which a contended lock is waited for */

uint32 used = 0;

uint32 Capacity()
{
    return table == nullptr ? 0 : table_mask + 1;
}

Pending *Probe(Pending *slots, uint32 mask, const store::StatementKey &key)
{
    for (uint32 i = static_cast<uint32>(key.queryid) & mask;; i = (i + 1) & mask)
        if (!slots[i].used || CountsFor(slots[i], key.queryid, key.userid, key.toplevel != 0))
            return &slots[i];
}

void Clear()
{
    for (Pending *slot = table, *end = table + Capacity(); slot < end; slot++)
        slot->used = slot->dirty = false;
    used = 0;
    table_dirty = false;
    table_epoch++;
}

void ClearCounts(Pending *slot)
{
    if (slot->counters.calls == 1)
        slot->histogram[store::BucketOf(slot->counters.max_ns)] = 0;
    else
        store::Clear(slot->histogram, sizeof(slot->histogram));
    store::Clear(&slot->counters, sizeof(slot->counters));
    slot->counters.min_ns = PG_INT64_MAX;
    slot->flush_at = kCallsBeforeFlush;
    slot->dirty = false;
}

bool HandOver(Pending *slot, TimestampTz now, bool wait, const store::TextData *text)
{
    const store::Delta delta{slot->counters, slot->histogram};
    if (!store::Merge(slot->key, delta, now, wait, text, &slot->known))
        return false;
    slot->looked_up = true;
    ClearCounts(slot);
    SetSampleBounds(slot);
    if (!slot->known.text)
        slot->tree_tried = slot->text_tried = false; /* the entry is new: it was evicted, and all it had */
    return true;
}

bool HandOverAll(bool wait)
{
    const TimestampTz now = GetCurrentTimestamp();
    bool all = true;
    for (Pending *slot = table, *end = table + Capacity(); slot < end; slot++)
        if (slot->dirty)
            all &= HandOver(slot, now, wait, nullptr);
    table_dirty = !all;
    return all;
}

/* What was counted before a reset must not come back after it. */
void ForgetIfReset()
{
    const uint32 now = pg_atomic_read_u32(&store::shared->generation);
    if (now == table_generation)
        return;
    table_generation = now;
    Clear();
}

bool Grow()
{
    const uint32 larger = table == nullptr ? kFirstCapacity : Capacity() * 2;
    if (larger > kLargestCapacity)
        return false;
    auto *slots = static_cast<Pending *>(MemoryContextAllocExtended(TopMemoryContext, sizeof(Pending) * larger,
                                                                    MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO));
    if (slots == nullptr)
        return false;
    for (uint32 i = 0; i < Capacity(); i++)
        if (table[i].used)
            *Probe(slots, larger - 1, table[i].key) = table[i];
    if (table != nullptr)
        pfree(table);
    table = slots;
    table_mask = larger - 1;
    table_epoch++;
    return true;
}

bool MakeRoom()
{
    if (used * 4 < Capacity() * 3 || Grow())
        return true;
    if (table == nullptr)
        return false;
    FlushAll();
    Clear();
    return true;
}

} // namespace

Pending *MakeSlot(uint64 queryid, bool toplevel)
{
    return SlotFor(KeyFor(queryid, toplevel));
}

Pending *SlotFor(const store::StatementKey &key)
{
    ForgetIfReset();
    if (!MakeRoom())
        return nullptr;
    Pending *slot = Probe(table, table_mask, key);
    if (slot->used)
        return slot;
    store::Clear(slot, sizeof(Pending));
    slot->used = true;
    slot->key = key;
    slot->flush_at = 1;
    slot->counters.min_ns = PG_INT64_MAX;
    used++;
    SetSampleBounds(slot);
    return slot;
}

void LookUp(Pending *slot)
{
    if (slot->looked_up)
        return;
    slot->looked_up = true;
    if (store::Lookup(slot->key, &slot->known))
        SetSampleBounds(slot);
}

void FlushSlot(Pending *slot, const store::TextData *text)
{
    (void)HandOver(slot, GetCurrentTimestamp(), true, text);
}

void FlushIfDue(int64 now, bool at_once)
{
    const int64 since = now - last_flush;
    const int64 interval = FlushInterval();

    if (!at_once && since < interval)
        return;
    ForgetIfReset();
    if (HandOverAll(last_flush != 0 && since > interval * kPatience))
        last_flush = now;
    RefineClock();
}

void FlushAll()
{
    if (!table_dirty)
        return;
    ForgetIfReset();
    (void)HandOverAll(true);
}

void ForgetAll()
{
    Clear();
}

} // namespace pg_advisor::capture
