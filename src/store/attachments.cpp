/*
 * What is remembered of a statement besides its counters: texts, the tree, samples, scans.
 *
 * All of it lives in the text area. When that is full the cheapest entries of the partition give way; if
 * even that does not help the piece is dropped and counted in advisor.info.samples_dropped.
 */
#include "store/pieces.hpp"
#include "store/store.hpp"
#include "store/table.hpp"
#include "store/texts.hpp"

namespace pg_advisor::store
{

namespace
{

constexpr int kEvictionsForSpace = 8;

class LockedEntry
{
  public:
    explicit LockedEntry(const StatementKey &key)
        : hash_(HashOf(key)), partition_(PartitionOf(hash_)), now_(GetCurrentTimestamp())
    {
        LWLockAcquire(&shared->locks[partition_].lock, LW_EXCLUSIVE);
        entry_ = FindOrInsert(partition_, hash_, key, now_);
    }
    ~LockedEntry() { LWLockRelease(&shared->locks[partition_].lock); }
    LockedEntry(const LockedEntry &) = delete;
    LockedEntry &operator=(const LockedEntry &) = delete;

    Entry *operator->() const { return entry_; }

    dsa_pointer Copy(const char *data, uint32 size) const
    {
        dsa_pointer pointer = CopyIn(data, size);
        for (int i = 0; !DsaPointerIsValid(pointer) && i < kEvictionsForSpace; i++)
        {
            if (!EvictOne(partition_, entry_, now_))
                break;
            pointer = CopyIn(data, size);
        }
        if (!DsaPointerIsValid(pointer))
            CountDroppedSample();
        return pointer;
    }

  private:
    uint32 hash_;
    uint32 partition_;
    TimestampTz now_;
    Entry *entry_;
};

Blob *PartOf(Entry *entry, Part part)
{
    switch (part)
    {
        case Part::Query:
            return &entry->query;
        case Part::Example:
            return &entry->example;
        case Part::Tree:
            break;
    }
    return &entry->tree;
}

/* The fact with this relation and filter; else a free one; else the smallest, if smaller than the new. */
ScanFact *PlaceFor(Entry *entry, const ScanFact &wanted)
{
    ScanFact *smallest = nullptr;
    for (int i = 0; i < entry->scan_count; i++)
    {
        ScanFact *fact = &entry->scans[i];
        if (fact->relid == wanted.relid && fact->filter_hash == wanted.filter_hash)
            return fact;
        if (smallest == nullptr || fact->rows_read < smallest->rows_read)
            smallest = fact;
    }
    if (entry->scan_count < kScansPerStatement)
        return &entry->scans[entry->scan_count++];
    if (smallest->rows_read >= wanted.rows_read)
        return nullptr;
    Free(&smallest->filter);
    memset(smallest, 0, sizeof(ScanFact));
    return smallest;
}

} // namespace

void FreeTextsOf(Entry *entry)
{
    ForEachPiece(*entry, [](dsa_pointer &data, uint64, uint32) { Free(&data); });
}

void Attach(const StatementKey &key, Part part, const char *data, uint32 size, uint32 raw_size)
{
    AttachTexts();
    LockedEntry entry(key);
    Blob *blob = PartOf(entry.operator->(), part);
    if (DsaPointerIsValid(blob->data))
        return;
    blob->data = entry.Copy(data, size);
    blob->size = size;
    blob->raw_size = raw_size;
}

void AttachSample(const StatementKey &key, SampleSlot slot, const SampleData &data)
{
    AttachTexts();
    const uint32 size = data.text_size + data.path_size + data.params_size;
    LockedEntry entry(key);
    Sample *sample = &entry->samples[slot];

    Free(&sample->data);
    dsa_pointer pointer = size > 0 ? dsa_allocate_extended(TextArea(), size, DSA_ALLOC_NO_OOM) : InvalidDsaPointer;
    if (!DsaPointerIsValid(pointer))
    {
        CountDroppedSample();
        return;
    }
    auto *to = static_cast<char *>(dsa_get_address(TextArea(), pointer));
    memcpy(to, data.text, data.text_size);
    memcpy(to + data.text_size, data.path, data.path_size);
    memcpy(to + data.text_size + data.path_size, data.params, data.params_size);
    *sample = Sample{pointer, data.text_size, data.path_size, data.params_size, data.ms, data.rows};
}

void AddScans(const StatementKey &key, const ScanDelta *scans, int count)
{
    AttachTexts();
    LockedEntry entry(key);

    entry->sampled_calls++;
    for (int i = 0; i < count; i++)
    {
        const ScanFact &from = scans[i].fact;
        ScanFact *fact = PlaceFor(entry.operator->(), from);
        if (fact == nullptr)
            continue;
        if (fact->executions == 0)
        {
            fact->relid = from.relid;
            fact->filter_relid = from.filter_relid;
            fact->filter_hash = from.filter_hash;
            if (scans[i].filter_node != nullptr)
            {
                fact->filter_size = from.filter_size;
                fact->filter = entry.Copy(scans[i].filter_node, from.filter_size);
            }
        }
        fact->executions += 1;
        fact->loops += from.loops;
        fact->rows_read += from.rows_read;
        fact->rows_kept += from.rows_kept;
        fact->pages += from.pages;
        fact->cost_share += from.cost_share;
    }
}

const char *Data(dsa_pointer pointer)
{
    return DsaPointerIsValid(pointer) ? static_cast<const char *>(dsa_get_address(TextArea(), pointer)) : nullptr;
}

const char *Text(const Blob &blob)
{
    return Data(blob.data);
}

} // namespace pg_advisor::store
