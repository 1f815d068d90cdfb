/*
 * Entry -> bytes and back, with the checks of what comes back: see record.hpp.
 *
 * A file with a good checksum was written by this build, as a rule. The checks are for the day when it was
 * not: no length may lead out of the record, no number may break what computes with it.
 */
#include "store/record.hpp"

#include "store/pieces.hpp"
#include "store/store.hpp"

namespace pg_advisor::store
{

namespace
{

bool IsAmount(double value)
{
    return std::isfinite(value) && value >= 0;
}

/* Far enough from the end of the range for anything that is still to be added. */
bool IsAmount(int64 value)
{
    return value >= 0 && value <= PG_INT64_MAX / 4;
}

const char *CheckKey(const Entry &entry)
{
    if (entry.key.toplevel > 1 || entry.key.reserved != 0)
        return "a statement's key is not valid";
    if (entry.first_seen == 0 || !IS_VALID_TIMESTAMP(entry.first_seen) || !IS_VALID_TIMESTAMP(entry.last_seen))
        return "a time is out of range";
    return nullptr;
}

const char *CheckCounters(const Counters &c)
{
    for (int64 value : {c.plans, c.plan_ns, c.calls, c.total_ns, c.min_ns, c.max_ns, c.rows, c.usage.shared_blks_hit,
                        c.usage.shared_blks_read, c.usage.shared_blks_dirtied, c.usage.shared_blks_written, c.usage.temp_blks_read,
                        c.usage.temp_blks_written, c.usage.wal_records, static_cast<int64>(c.usage.wal_bytes), c.sampled_calls, c.errors})
        if (!IsAmount(value))
            return "a counter is out of range";
    if (!IsAmount(c.mean_ns) || !IsAmount(c.m2_ns2))
        return "a mean is out of range";
    return nullptr;
}

const char *CheckScans(const Entry &entry)
{
    if (entry.scan_count > kScansPerStatement)
        return "the number of scans is out of range";
    if (entry.row_count > kRowFactsPerStatement)
        return "the number of row facts is out of range";
    for (const ScanFact &scan : entry.scans)
        for (double value : {scan.executions, scan.loops, scan.rows_read, scan.rows_kept, scan.pages, scan.cost_share})
            if (!IsAmount(value))
                return "a figure of a scan is out of range";
    return nullptr;
}

const char *CheckSamples(const Entry &entry)
{
    for (const Sample &sample : entry.samples)
        if (DsaPointerIsValid(sample.data) && (!IsAmount(sample.ms) || !IsAmount(sample.rows)))
            return "a figure of a sample is out of range";
    return nullptr;
}

const char *CheckExample(const Entry &entry)
{
    const Example &example = entry.example;
    if (!DsaPointerIsValid(example.data))
        return nullptr;
    if (example.standard_strings > 1 || example.highest_parameter < 0 || !IsAmount(example.rows) ||
        !std::isfinite(example.ms))
        return "a figure of an example is out of range";
    return nullptr;
}

const char *CheckSizes(const Entry &entry)
{
    const char *wrong = nullptr;
    ForEachPiece(entry, [&](const dsa_pointer &data, uint64 size, uint32 raw_size) {
        if (raw_size > kLargestTree)
            wrong = "a tree is larger than any that was stored";
        if (DsaPointerIsValid(data) && (size == 0 || size > MaxAllocSize))
            wrong = "a piece has no possible size";
    });
    return wrong;
}

const char *CheckPieces(const Entry &image, uint64 available)
{
    const char *wrong = nullptr;
    ForEachPiece(image, [&](const dsa_pointer &data, uint64, uint32) {
        if (data != InvalidDsaPointer && data != kPieceFollows)
            wrong = "a piece is neither there nor absent";
    });
    if (wrong == nullptr && PieceBytes(image) != available)
        wrong = "the pieces of a record do not fill it";
    return wrong;
}

} // namespace

const char *WrongWith(const Entry &entry)
{
    for (const auto check : {CheckKey, CheckScans, CheckSamples, CheckExample, CheckSizes})
        if (const char *wrong = check(entry))
            return wrong;
    return CheckCounters(entry.counters);
}

RecordLength RecordSize(const Entry &entry)
{
    return sizeof(Entry) + PieceBytes(entry);
}

void WriteRecord(const Entry &entry, char *to)
{
    Entry image = entry;
    image.next = kNone;
    ForEachPiece(image, [](dsa_pointer &data, uint64, uint32) {
        data = DsaPointerIsValid(data) ? kPieceFollows : InvalidDsaPointer;
    });
    memcpy(to, &image, sizeof(image));
    to += sizeof(image);
    ForEachPiece(entry, [&](const dsa_pointer &data, uint64 size, uint32) {
        if (!DsaPointerIsValid(data))
            return;
        memcpy(to, Data(data), size);
        to += size;
    });
}

const char *ReadRecord(const char *from, RecordLength size, Entry *image)
{
    if (size < sizeof(Entry))
        return "a record is shorter than an entry";
    memcpy(image, from, sizeof(Entry));
    const char *wrong = WrongWith(*image);
    return wrong != nullptr ? wrong : CheckPieces(*image, size - sizeof(Entry));
}

} // namespace pg_advisor::store
