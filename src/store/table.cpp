/*
 * The hash table of one partition, and what it forgets when it is full.
 *
 * What a statement is worth is its execution time per second since it was first seen: an expensive nightly
 * report stays, a million one-off texts push out each other. A minute is added to the age, so that a
 * newcomer can prove itself. Two of twelve neighbours go at a time, as a hand goes round the table: that finds
 * nearly the cheapest for the price of looking at six, and who came last is safe for a round.
 */
#include "store/table.hpp"

#include "store/texts.hpp"

namespace pg_advisor::store
{

namespace
{

constexpr uint32 kCompared = 12;
constexpr double kGraceSeconds = 60.0;

bool InUse(const Entry &entry)
{
    return entry.first_seen != 0;
}

void EvictEntry(uint32 partition, Entry *entry)
{
    LeaveSpare(partition, entry);
    Remove(partition, entry);
    pg_atomic_fetch_add_u64(&shared->evicted, 1);
}

/* Removes the cheapest two of the next few entries that are in use; less if there are no more. */
void Evict(uint32 partition, const Entry *keep, TimestampTz now)
{
    Partition *p = PartitionAt(partition);
    Entry *entries = EntriesOf(partition);
    Entry *cheapest = nullptr, *second = nullptr;
    double least = 0, less = 0;
    uint32 seen = 0;

    for (uint32 i = 0; i < p->capacity && seen < kCompared; i++)
    {
        Entry *entry = &entries[p->hand];
        p->hand = p->hand + 1 == p->capacity ? 0 : p->hand + 1;
        if (!InUse(*entry) || entry == keep)
            continue;
        seen++;
        const double worth = WorthOf(*entry, now);
        if (cheapest == nullptr || worth < least)
        {
            second = cheapest, less = least;
            cheapest = entry, least = worth;
        }
        else if (second == nullptr || worth < less)
        {
            second = entry, less = worth;
        }
    }
    if (cheapest == nullptr)
        return;
    EvictEntry(partition, cheapest);
    if (second != nullptr && seen == kCompared)
        EvictEntry(partition, second);
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
        Evict(partition, nullptr, now);

    Entry *entry = &EntriesOf(partition)[p->free_head];
    const uint32 index = p->free_head;
    uint32 *bucket = BucketFor(partition, hash);

    p->free_head = entry->next;
    p->used++;
    Clear(entry, sizeof(Entry));
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
    Evict(partition, keep, now);
    return PartitionAt(partition)->used < before;
}

} // namespace pg_advisor::store
