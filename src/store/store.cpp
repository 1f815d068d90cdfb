/*
 * Counters of the store: merging what a backend collected, resetting, visiting.
 */
#include "store/store.hpp"

#include "store/file.hpp"
#include "store/pieces.hpp"
#include "store/table.hpp"
#include "store/texts.hpp"

namespace pg_advisor::store
{

namespace
{

LWLock *LockOf(uint32 partition)
{
    return &shared->locks[partition].lock;
}

/* Mean and squared differences of two groups together: Chan, Golub and LeVeque (1979). */
void MergeMoments(Counters *into, const Counters &from)
{
    const auto a = static_cast<double>(into->calls);
    const auto b = static_cast<double>(from.calls);
    const double delta = from.mean_ns - into->mean_ns;

    into->m2_ns2 += from.m2_ns2 + delta * delta * a * b / (a + b);
    into->mean_ns += delta * b / (a + b);
}

void AddCounters(Counters *into, const Counters &from)
{
    if (from.calls > 0)
    {
        MergeMoments(into, from);
        into->min_ns = into->calls == 0 ? from.min_ns : std::min(into->min_ns, from.min_ns);
        into->max_ns = std::max(into->max_ns, from.max_ns);
    }
    into->plans += from.plans;
    into->plan_ns += from.plan_ns;
    into->calls += from.calls;
    into->total_ns += from.total_ns;
    into->rows += from.rows;
    into->usage.Add(from.usage);
    into->sampled_calls += from.sampled_calls;
    into->errors += from.errors;
    if (from.last_sqlstate != 0)
        into->last_sqlstate = from.last_sqlstate;
}

void AddHistogram(Entry *entry, const Delta &delta)
{
    if (delta.counters.calls == 1) /* as of every new statement */
    {
        entry->histogram[BucketOf(delta.counters.max_ns)]++;
        return;
    }
    for (int i = 0; i < kHistogramBuckets && delta.counters.calls > 0; i++)
        entry->histogram[i] += delta.histogram[i];
}

void Describe(const Entry &entry, Known *known)
{
    *known = Known{};
    known->text = DsaPointerIsValid(entry.query.data) || DsaPointerIsValid(entry.example.data);
    known->rows = DsaPointerIsValid(entry.rows);
    known->tree = DsaPointerIsValid(entry.tree.data);
    if (DsaPointerIsValid(entry.example.data) && entry.example.ms >= 0)
    {
        known->example = known->samples = true;
        known->fastest_ms = known->slowest_ms = entry.example.ms;
        known->fewest_rows = known->most_rows = entry.example.rows;
    }
    for (const Sample &sample : entry.samples)
    {
        if (!DsaPointerIsValid(sample.data))
            continue;
        if (!known->samples)
        {
            known->fastest_ms = known->slowest_ms = sample.ms;
            known->fewest_rows = known->most_rows = sample.rows;
            known->samples = true;
            continue;
        }
        known->fastest_ms = std::min(known->fastest_ms, sample.ms);
        known->slowest_ms = std::max(known->slowest_ms, sample.ms);
        known->fewest_rows = std::min(known->fewest_rows, sample.rows);
        known->most_rows = std::max(known->most_rows, sample.rows);
    }
}

bool Matches(const Entry &entry, Oid userid, Oid dbid, uint64 queryid)
{
    return (userid == 0 || entry.key.userid == userid) && (dbid == 0 || entry.key.dbid == dbid) &&
           (queryid == 0 || entry.key.queryid == queryid);
}

} // namespace

bool Merge(const StatementKey &key, const Delta &delta, TimestampTz now, bool wait, const TextData *text,
           Known *known)
{
    const uint32 hash = HashOf(key);
    const uint32 partition = PartitionOf(hash);

    if (wait)
        LWLockAcquire(LockOf(partition), LW_EXCLUSIVE);
    else if (!LWLockConditionalAcquire(LockOf(partition), LW_EXCLUSIVE))
        return false;

    Entry *entry = FindOrInsert(partition, hash, key, now);
    AddCounters(&entry->counters, delta.counters);
    if (delta.histogram != nullptr)
        AddHistogram(entry, delta);
    entry->last_seen = std::max(entry->last_seen, now);
    const bool example_taken = text != nullptr && KeepText(partition, entry, *text, now) && text->ms >= 0;
    Describe(*entry, known);
    known->example_taken = example_taken;
    LWLockRelease(LockOf(partition));
    return true;
}

bool Lookup(const StatementKey &key, Known *known)
{
    const uint32 hash = HashOf(key);
    const uint32 partition = PartitionOf(hash);

    LWLockAcquire(LockOf(partition), LW_SHARED);
    const Entry *entry = Find(partition, hash, key);
    if (entry != nullptr)
        Describe(*entry, known);
    LWLockRelease(LockOf(partition));
    return entry != nullptr;
}

void Reset(Oid userid, Oid dbid, uint64 queryid)
{
    AttachTexts();
    /* First the generation: what backends still hold was counted before this moment. */
    if (userid == 0 && dbid == 0 && queryid == 0)
    {
        pg_atomic_fetch_add_u32(&shared->generation, 1);
        pg_atomic_write_u64(&shared->stats_reset, static_cast<uint64>(GetCurrentTimestamp()));
        pg_atomic_write_u64(&shared->evicted, 0);
        pg_atomic_write_u64(&shared->samples_dropped, 0);
    }
    for (uint32 p = 0; p < shared->partitions; p++)
    {
        LWLockAcquire(LockOf(p), LW_EXCLUSIVE);
        Entry *entries = EntriesOf(p);
        for (uint32 i = 0; i < PartitionAt(p)->capacity; i++)
            if (entries[i].first_seen != 0 && Matches(entries[i], userid, dbid, queryid))
                Remove(p, &entries[i]);
        FreeSpares(p);
        LWLockRelease(LockOf(p));
    }
    Compact();
    ForgetFile();
}

void CountDroppedSample()
{
    pg_atomic_fetch_add_u64(&shared->samples_dropped, 1);
}

Size MemoryInUse()
{
    Size used = shared->total_size - shared->dsa_size -
                sizeof(Entry) * static_cast<Size>(shared->capacity_per_partition) * shared->partitions;
    for (uint32 p = 0; p < shared->partitions; p++)
    {
        LWLockAcquire(LockOf(p), LW_SHARED);
        const Entry *entries = EntriesOf(p);
        for (uint32 i = 0; i < PartitionAt(p)->capacity; i++)
            if (entries[i].first_seen != 0)
                used += sizeof(Entry) + PieceBytes(entries[i]);
        for (const Spare &spare : PartitionAt(p)->spares)
            used += spare.size;
        LWLockRelease(LockOf(p));
    }
    return used;
}

void ForEach(void (*visit)(const Entry &, void *), void *context)
{
    for (uint32 p = 0; p < shared->partitions; p++)
    {
        LWLockAcquire(LockOf(p), LW_SHARED);
        const Entry *entries = EntriesOf(p);
        for (uint32 i = 0; i < PartitionAt(p)->capacity; i++)
            if (entries[i].first_seen != 0)
                visit(entries[i], context);
        LWLockRelease(LockOf(p));
    }
}

bool With(const StatementKey &key, void (*visit)(const Entry &, void *), void *context)
{
    const uint32 hash = HashOf(key);
    const uint32 partition = PartitionOf(hash);

    LWLockAcquire(LockOf(partition), LW_SHARED);
    const Entry *entry = Find(partition, hash, key);
    if (entry != nullptr)
        visit(*entry, context);
    LWLockRelease(LockOf(partition));
    return entry != nullptr;
}

} // namespace pg_advisor::store
