/*
 * What is remembered of a statement besides its counters: texts, the tree, samples, scans, rows.
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

dsa_pointer TakeSpare(uint32 partition, uint64 size)
{
    for (Spare &spare : PartitionAt(partition)->spares)
        if (size <= spare.size && spare.size <= 2 * size)
        {
            const dsa_pointer data = spare.data;
            spare = Spare{};
            return data;
        }
    return InvalidDsaPointer;
}

/* Room in the text area; makes some by evicting. The partition is locked exclusively. */
dsa_pointer Allocate(uint32 partition, const Entry *entry, Size size, TimestampTz now)
{
    if (TextArea() == nullptr || size == 0)
        return InvalidDsaPointer;
    dsa_pointer pointer = TakeSpare(partition, size);
    if (!DsaPointerIsValid(pointer))
        pointer = dsa_allocate_extended(TextArea(), size, DSA_ALLOC_NO_OOM);
    for (int i = 0; !DsaPointerIsValid(pointer) && i <= kEvictionsForSpace; i++)
    {
        if (i > 0 && !EvictOne(partition, entry, now))
            break;
        FreeSpares(partition);
        Compact();
        pointer = dsa_allocate_extended(TextArea(), size, DSA_ALLOC_NO_OOM);
    }
    if (!DsaPointerIsValid(pointer))
        CountDroppedSample();
    return pointer;
}

char *AddressOf(dsa_pointer pointer)
{
    return static_cast<char *>(dsa_get_address(TextArea(), pointer));
}

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

    dsa_pointer Allocate(Size size) const { return store::Allocate(partition_, entry_, size, now_); }
    dsa_pointer Copy(const char *data, uint32 size) const
    {
        dsa_pointer pointer = Allocate(size);
        if (DsaPointerIsValid(pointer))
            memcpy(AddressOf(pointer), data, size);
        return pointer;
    }
    void KeepText(const TextData &text) const { (void)store::KeepText(partition_, entry_, text, now_); }

  private:
    uint32 hash_;
    uint32 partition_;
    TimestampTz now_;
    Entry *entry_;
};

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

void LeaveSpare(uint32 partition, Entry *entry)
{
    const uint64 size = SizeOf(entry->example);
    if (size > kLargestSpare || !DsaPointerIsValid(entry->example.data))
        return;
    for (Spare &spare : PartitionAt(partition)->spares)
        if (spare.size == 0)
        {
            spare = Spare{entry->example.data, size};
            entry->example.data = InvalidDsaPointer;
            return;
        }
}

void FreeSpares(uint32 partition)
{
    for (Spare &spare : PartitionAt(partition)->spares)
    {
        Free(&spare.data);
        spare.size = 0;
    }
}

void FreeTextsOf(Entry *entry)
{
    ForEachPiece(*entry, [](dsa_pointer &data, uint64, uint32) { Free(&data); });
}

bool KeepText(uint32 partition, Entry *entry, const TextData &text, TimestampTz now)
{
    Example *example = &entry->example;
    const bool has_example = DsaPointerIsValid(example->data);
    if (text.normalised)
    {
        if (has_example || DsaPointerIsValid(entry->query.data))
            return false;
        entry->query.data = Allocate(partition, entry, text.text_size, now);
        if (!DsaPointerIsValid(entry->query.data))
            return false;
        memcpy(AddressOf(entry->query.data), text.text, text.text_size);
        entry->query.size = text.text_size;
        return false;
    }

    if (has_example && (example->ms >= 0 || text.ms < 0))
        return false;
    Example kept{InvalidDsaPointer, text.text_size, text.path_size, text.constants, text.highest_parameter,
                 text.standard_strings, text.ms, text.rows};
    const Size texts = TextsSize(kept);
    const Size places = SizeOf(kept) - texts;
    kept.data = Allocate(partition, entry, texts + places, now);
    if (!DsaPointerIsValid(kept.data))
        return false;
    char *to = AddressOf(kept.data);
    memcpy(to, text.text, text.text_size);
    if (text.path_size > 0)
        memcpy(to + text.text_size, text.path, text.path_size);
    const Size padding = texts - text.text_size - text.path_size;
    memset(to + texts - padding, 0, padding); /* no stray bytes of others */
    if (places > 0)
        memcpy(to + texts, text.places, places);
    Free(&example->data);
    Free(&entry->query.data); /* it is made of the example from now on */
    *example = kept;
    return true;
}

void AttachText(const StatementKey &key, const TextData &text)
{
    AttachTexts();
    LockedEntry(key).KeepText(text);
}

void AttachTree(const StatementKey &key, const char *data, uint32 size, uint32 raw_size)
{
    AttachTexts();
    LockedEntry entry(key);
    if (DsaPointerIsValid(entry->tree.data))
        return;
    const dsa_pointer pointer = entry.Copy(data, size);
    if (DsaPointerIsValid(pointer))
        entry->tree = Blob{pointer, size, raw_size};
}

void AttachSample(const StatementKey &key, SampleSlot slot, const SampleData &data)
{
    AttachTexts();
    const uint32 size = data.text_size + data.path_size + data.params_size;
    LockedEntry entry(key);
    Sample *sample = &entry->samples[slot];

    Free(&sample->data);
    *sample = Sample{};
    const dsa_pointer pointer = entry.Allocate(size);
    if (!DsaPointerIsValid(pointer))
        return;
    char *to = AddressOf(pointer);
    memcpy(to, data.text, data.text_size);
    memcpy(to + data.text_size, data.path, data.path_size);
    memcpy(to + data.text_size + data.path_size, data.params, data.params_size);
    *sample = Sample{pointer, data.text_size, data.path_size, data.params_size, data.ms, data.rows};
}

void AddScans(const StatementKey &key, const ScanDelta *scans, int count)
{
    AttachTexts();
    LockedEntry entry(key);

    entry->counters.sampled_calls++;
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
                fact->filter = entry.Copy(scans[i].filter_node, from.filter_size);
                fact->filter_size = DsaPointerIsValid(fact->filter) ? from.filter_size : 0;
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

namespace
{

/* Executions that were counted before the first fact were no surprise: then as many rows came as were expected. */
RowFact FirstFact(const RowFact &seen, double before)
{
    RowFact fact = seen;
    fact.executions += before;
    fact.expected += before * seen.expected;
    fact.actual += before * seen.expected;
    return fact;
}

void AddRow(RowFact *into, const RowFact &from)
{
    into->executions += from.executions;
    into->expected += from.expected;
    into->actual += from.actual;
    into->most = std::max(into->most, from.most);
}

RowFact *FindRow(RowFact *facts, uint32 count, uint64 rows)
{
    for (uint32 i = 0; i < count; i++)
        if (facts[i].rows == rows)
            return &facts[i];
    return nullptr;
}

} // namespace

void AddRows(const StatementKey &key, const RowFact *facts, uint32 count)
{
    AttachTexts();
    LockedEntry entry(key);
    RowFact all[kRowFactsPerStatement];
    uint32 known = 0;
    if (DsaPointerIsValid(entry->rows))
    {
        known = entry->row_count;
        memcpy(all, AddressOf(entry->rows), known * sizeof(RowFact));
    }
    const auto before = known > 0 ? 0 : static_cast<double>(entry->counters.sampled_calls);
    uint32 total = known;
    for (uint32 i = 0; i < count; i++)
    {
        if (RowFact *fact = FindRow(all, total, facts[i].rows))
            AddRow(fact, facts[i]);
        else if (total < kRowFactsPerStatement)
            all[total++] = FirstFact(facts[i], before);
    }
    if (total != known)
    {
        const dsa_pointer larger = entry.Allocate(total * sizeof(RowFact));
        if (!DsaPointerIsValid(larger))
            return;
        Free(&entry->rows);
        entry->rows = larger;
        entry->row_count = static_cast<uint16>(total);
    }
    memcpy(AddressOf(entry->rows), all, total * sizeof(RowFact));
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
