/*
 * The hash table of one partition, and what it forgets when it is full.
 *
 * What a statement is worth is its execution time per second since it was first seen: an expensive nightly
 * report stays, a million one-off texts push out each other. A minute is added to the age, so that a
 * newcomer can prove itself. Evicting a few at once keeps the scan for the cheapest rare.
 */
#include "store/table.hpp"

#include "store/texts.hpp"

namespace pg_advisor::store
{

namespace
{

constexpr int kEvictedAtOnce = 8;
constexpr double kGraceSeconds = 60.0;

bool InUse(const Entry &entry)
{
    return entry.first_seen != 0;
}

/* The `wanted` cheapest entries, cheapest first; returns how many there are. */
int Cheapest(uint32 partition, const Entry *keep, TimestampTz now, int wanted, Entry **found)
{
    Entry *entries = EntriesOf(partition);
    const uint32 capacity = PartitionAt(partition)->capacity;
    double worth[kEvictedAtOnce];
    int count = 0;

    for (uint32 i = 0; i < capacity; i++)
    {
        Entry *entry = &entries[i];
        if (!InUse(*entry) || entry == keep)
            continue;
        const double value = WorthOf(*entry, now);
        if (count == wanted && value >= worth[count - 1])
            continue;
        int at = count < wanted ? count++ : count - 1;
        for (; at > 0 && worth[at - 1] > value; at--)
        {
            worth[at] = worth[at - 1];
            found[at] = found[at - 1];
        }
        worth[at] = value;
        found[at] = entry;
    }
    return count;
}

void Evict(uint32 partition, const Entry *keep, TimestampTz now, int wanted)
{
    Entry *victims[kEvictedAtOnce];
    const int count = Cheapest(partition, keep, now, wanted, victims);
    for (int i = 0; i < count; i++)
        Remove(partition, victims[i]);
    pg_atomic_fetch_add_u64(&shared->evicted, count);
}

uint32 *BucketFor(uint32 partition, uint32 hash)
{
    return &BucketsOf(partition)[hash & (shared->buckets_per_partition - 1)];
}

} // namespace

double WorthOf(const Entry &entry, TimestampTz now)
{
    /* The clock may have been set back since the statement was first seen. */
    const double age = std::max(0.0, static_cast<double>(now - entry.first_seen)) / USECS_PER_SEC + kGraceSeconds;
    return static_cast<double>(entry.counters.total_ns + entry.counters.plan_ns) / age;
}

Entry *Find(uint32 partition, uint32 hash, const StatementKey &key)
{
    Entry *entries = EntriesOf(partition);
    for (uint32 i = *BucketFor(partition, hash); i != kNone; i = entries[i].next)
        if (entries[i].key == key)
            return &entries[i];
    return nullptr;
}

Entry *FindOrInsert(uint32 partition, uint32 hash, const StatementKey &key, TimestampTz now)
{
    Partition *p = PartitionAt(partition);
    p->changes++;
    if (Entry *entry = Find(partition, hash, key))
        return entry;

    if (p->free_head == kNone)
        Evict(partition, nullptr, now, std::clamp<int>(static_cast<int>(p->capacity / 20), 1, kEvictedAtOnce));

    Entry *entry = &EntriesOf(partition)[p->free_head];
    const uint32 index = p->free_head;
    uint32 *bucket = BucketFor(partition, hash);

    p->free_head = entry->next;
    p->used++;
    memset(entry, 0, sizeof(Entry));
    entry->key = key;
    entry->first_seen = entry->last_seen = now;
    entry->next = *bucket;
    *bucket = index;
    return entry;
}

void Remove(uint32 partition, Entry *entry)
{
    Entry *entries = EntriesOf(partition);
    Partition *p = PartitionAt(partition);
    const auto index = static_cast<uint32>(entry - entries);
    uint32 *link = BucketFor(partition, HashOf(entry->key));

    while (*link != index)
        link = &entries[*link].next;
    *link = entry->next;
    FreeTextsOf(entry);
    entry->first_seen = 0;
    entry->next = p->free_head;
    p->free_head = index;
    p->used--;
    p->changes++;
}

bool EvictOne(uint32 partition, const Entry *keep, TimestampTz now)
{
    const uint32 before = PartitionAt(partition)->used;
    Evict(partition, keep, now, 1);
    return PartitionAt(partition)->used < before;
}

} // namespace pg_advisor::store
