/*
 * Where things are in the segment: header, progress of the advice, partitions, hash buckets, entries, DSA area.
 */
#include "store/layout.hpp"

#include "settings.hpp"
#include "store/progress.hpp"

namespace pg_advisor::store
{

Shared *shared = nullptr;
Parts parts;

namespace
{

/* Small tables get few partitions, or chance would fill one of them long before the others. */
constexpr uint32 kMaxPartitions = 32;
constexpr uint32 kEntriesWorthAPartition = 128;

Size ProgressOffset() { return MAXALIGN(sizeof(Shared)); }
Size PartitionsOffset() { return ProgressOffset() + MAXALIGN(sizeof(ProgressSlot) * kProgressSlots); }
Size BucketsOffset(const Shared *s) { return PartitionsOffset() + MAXALIGN(sizeof(Partition) * s->partitions); }
Size EntriesOffset(const Shared *s)
{
    return BucketsOffset(s) + MAXALIGN(sizeof(uint32) * s->buckets_per_partition * s->partitions);
}
Size DsaOffset(const Shared *s)
{
    return EntriesOffset(s) + MAXALIGN(sizeof(Entry) * static_cast<Size>(s->capacity_per_partition) * s->partitions);
}

char *Base() { return reinterpret_cast<char *>(shared); }

} // namespace

void *DsaPlace()
{
    return Base() + DsaOffset(shared);
}

LWLock *FileLock()
{
    return &shared->locks[shared->partitions].lock;
}

void LocateParts()
{
    parts.progress = reinterpret_cast<ProgressSlot *>(Base() + ProgressOffset());
    parts.partitions = reinterpret_cast<Partition *>(Base() + PartitionsOffset());
    parts.buckets = reinterpret_cast<uint32 *>(Base() + BucketsOffset(shared));
    parts.entries = reinterpret_cast<Entry *>(Base() + EntriesOffset(shared));
}

pg_noinline void Clear(void *memory, Size size)
{
    memset(memory, 0, size);
}

Size ComputeLayout(Shared *geometry)
{
    const auto entries = static_cast<uint32>(settings::max_statements);
    geometry->partitions = std::clamp<uint32>(entries / kEntriesWorthAPartition, 1, kMaxPartitions);
    geometry->capacity_per_partition = entries / geometry->partitions;
    geometry->buckets_per_partition = pg_nextpower2_32(geometry->capacity_per_partition);
    geometry->dsa_size = static_cast<Size>(settings::text_memory_kb) * 1024;
    geometry->total_size = DsaOffset(geometry) + geometry->dsa_size;
    return geometry->total_size;
}

} // namespace pg_advisor::store
