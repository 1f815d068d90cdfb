/*
 * See row_sample.hpp.
 */
#include "whatif/row_sample.hpp"

#include "advise/joint_distinct.hpp"
#include "whatif/block_rows.hpp"
#include "whatif/expression_sample.hpp"

namespace pg_advisor::whatif
{

namespace
{

constexpr double kRows = 20000;
constexpr int kFewRows = 1024, kMostRows = 32768;
constexpr double kFewestBlocks = 50, kMostBlocks = 1000;
constexpr int kMostColumns = 64;
constexpr Size kMostBytes = 64 * 1024 * 1024; /* of all samples of one run */
constexpr uint32 kNull = 0; /* in place of a hash */
constexpr uint32 kSeed = 1; /* the same question has the same answer */

struct Answer
{
    Bitmapset *columns;
    double distinct;
};

struct TableSample
{
    Oid relation;
    int columns;
    int count, room; /* rows */
    uint32 *blocks; /* by row */
    uint32 *hashes; /* by row and column */
    List *answers;
};

/* Of the bytes, not of what the type takes for equal: an index joins no others. */
uint32 HashOf(const FormData_pg_attribute *attribute, Datum value)
{
    if (attribute->attbyval)
        return hash_bytes(reinterpret_cast<const unsigned char *>(&value), sizeof(value));
    const Pointer bytes = DatumGetPointer(value);
    if (attribute->attlen == -1)
        return hash_bytes(reinterpret_cast<const unsigned char *>(VARDATA_ANY(bytes)),
                          static_cast<int>(VARSIZE_ANY_EXHDR(bytes)));
    const Size size = datumGetSize(value, false, attribute->attlen);
    return hash_bytes(reinterpret_cast<const unsigned char *>(bytes), static_cast<int>(size));
}

void MakeRoom(TableSample *sample, int rows)
{
    const std::size_t count = static_cast<std::size_t>(rows), values = count * sample->columns;
    sample->room = rows;
    sample->blocks = static_cast<uint32 *>(repalloc(sample->blocks, sizeof(uint32) * count));
    sample->hashes = static_cast<uint32 *>(repalloc(sample->hashes, sizeof(uint32) * values));
}

void AddRow(TableSample *sample, TupleTableSlot *slot)
{
    if (sample->count == sample->room)
        MakeRoom(sample, 2 * sample->room);
    uint32 *hashes = sample->hashes + static_cast<std::size_t>(sample->count) * sample->columns;
    slot_getsomeattrs(slot, sample->columns);
    for (int i = 0; i < sample->columns; i++)
        hashes[i] = slot->tts_isnull[i]
                        ? kNull
                        : HashOf(TupleDescAttr(slot->tts_tupleDescriptor, i), slot->tts_values[i]);
    sample->blocks[sample->count++] = ItemPointerGetBlockNumber(&slot->tts_tid);
}

double BlocksFor(Relation relation)
{
    const FormData_pg_class *form = relation->rd_rel;
    const double density = form->reltuples > 0 && form->relpages > 0
                               ? std::max(1.0, static_cast<double>(form->reltuples) / form->relpages)
                               : 1;
    return std::clamp(kRows / density, kFewestBlocks, kMostBlocks);
}

/* Of a table that cannot be read it is empty. */
TableSample *TakeSample(Relation relation)
{
    auto *sample = static_cast<TableSample *>(palloc0(sizeof(TableSample)));
    sample->relation = RelationGetRelid(relation);
    /* a serializable transaction would take part in conflicts by what it only counts */
    if (!HasBlocksToPick(relation) || IsolationIsSerializable())
        return sample;
    sample->columns = std::min<int>(RelationGetDescr(relation)->natts, kMostColumns);
    sample->room = kFewRows;
    sample->blocks = static_cast<uint32 *>(palloc(sizeof(uint32) * kFewRows));
    sample->hashes = static_cast<uint32 *>(palloc(sizeof(uint32) * kFewRows * sample->columns));
    BlockSamplerData blocks;
    BlockSampler_Init(&blocks, RelationGetNumberOfBlocks(relation), static_cast<int>(BlocksFor(relation)), kSeed);
    TupleTableSlot *slot = table_slot_create(relation, nullptr);
    ForEachRow(relation, &blocks, slot, [&] {
        AddRow(sample, slot);
        return sample->count < kMostRows;
    });
    ExecDropSingleTupleTableSlot(slot);
    return sample;
}

TableSample *SampleOf(RowSamples *samples, Relation relation)
{
    ListCell *cell;
    foreach (cell, samples->tables)
    {
        auto *known = static_cast<TableSample *>(lfirst(cell));
        if (known->relation == RelationGetRelid(relation))
            return known;
    }
    if (MemoryContextMemAllocated(samples->context, false) > kMostBytes)
        return nullptr;
    MemoryContext caller = MemoryContextSwitchTo(samples->context);
    TableSample *sample = TakeSample(relation);
    samples->tables = lappend(samples->tables, sample);
    MemoryContextSwitchTo(caller);
    return sample;
}

/* The rows that have a null among the columns, or those that have none, into `keys`. */
std::size_t KeysOf(const TableSample *sample, const Bitmapset *columns, bool with_null, SampledKey *keys)
{
    std::size_t count = 0;
    for (int row = 0; row < sample->count; row++)
    {
        const uint32 *hashes = sample->hashes + static_cast<std::size_t>(row) * sample->columns;
        uint64 hash = 0;
        bool null = false;
        for (int column = -1; (column = bms_next_member(columns, column)) >= 0;)
        {
            null |= hashes[column - 1] == kNull;
            hash = hash_bytes_uint32_extended(hashes[column - 1], hash);
        }
        if (null == with_null)
            keys[count++] = {hash, sample->blocks[row]};
    }
    return count;
}

/* Nulls come far more often than any value, so that the rows with one are counted by themselves. */
double Count(const TableSample *sample, const Bitmapset *columns, double rows)
{
    auto *keys = static_cast<SampledKey *>(palloc(sizeof(SampledKey) * std::max(1, sample->count)));
    const std::size_t entries = pg_nextpower2_64(2 * static_cast<uint64>(std::max(1, sample->count)));
    auto *scratch = static_cast<JointEntry *>(palloc(sizeof(JointEntry) * entries));
    double distinct = 0;
    for (const bool with_null : {false, true})
    {
        const std::size_t count = KeysOf(sample, columns, with_null, keys);
        distinct += JointDistinct(keys, count, rows * static_cast<double>(count) / sample->count, scratch, entries);
    }
    pfree(keys);
    pfree(scratch);
    return distinct;
}

} // namespace

double SampledDistinct(RowSamples *samples, Relation relation, const int *columns, int count, double rows)
{
    Bitmapset *wanted = nullptr;
    List *attributes = NIL;
    ListCell *cell;
    for (int i = 0; i < count; i++)
    {
        if (columns[i] <= 0)
            return 0;
        wanted = bms_add_member(wanted, columns[i]);
        attributes = lappend_int(attributes, columns[i]);
    }
    if (!MayRead(RelationGetRelid(relation), samples->reader, attributes))
        return 0;
    TableSample *sample = SampleOf(samples, relation);
    if (sample == nullptr || sample->count == 0 || bms_prev_member(wanted, -1) > sample->columns)
        return 0;
    foreach (cell, sample->answers)
    {
        const auto *known = static_cast<Answer *>(lfirst(cell));
        if (bms_equal(known->columns, wanted))
            return known->distinct;
    }
    MemoryContext caller = MemoryContextSwitchTo(samples->context);
    auto *answer = static_cast<Answer *>(palloc(sizeof(Answer)));
    answer->columns = bms_copy(wanted);
    answer->distinct = Count(sample, wanted, rows);
    sample->answers = lappend(sample->answers, answer);
    MemoryContextSwitchTo(caller);
    return answer->distinct;
}

} // namespace pg_advisor::whatif
