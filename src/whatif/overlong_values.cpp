/*
 * See overlong_values.hpp.
 */
#include "whatif/overlong_values.hpp"

#include "whatif/block_rows.hpp"
#include "whatif/nodes.hpp"

#include <algorithm>

namespace pg_advisor::whatif
{

namespace
{

constexpr int kBlocks = 100; /* of each table */
constexpr int kTables = 16;  /* of a partitioned table */
constexpr uint32 kSeed = 1;

bool MayBeLong(const FormData_pg_attribute *attribute)
{
    if (attribute->attisdropped || attribute->attlen != -1 || attribute->attstorage == TYPSTORAGE_PLAIN)
        return false;
    const int32 most = type_maximum_size(attribute->atttypid, attribute->atttypmod);
    return most <= 0 || static_cast<Size>(most) > kLongestKey;
}

bool StoresOutOfLine(Relation relation)
{
    const Oid toast = relation->rd_rel->reltoastrelid;
    if (!OidIsValid(toast) || !ConditionalLockRelationOid(toast, AccessShareLock))
        return false;
    Relation values = try_relation_open(toast, NoLock);
    if (values == nullptr)
        return false;
    const bool any = RelationGetNumberOfBlocks(values) > 0;
    relation_close(values, NoLock);
    return any;
}

RawColumn *ColumnOf(RawTable *table, const FormData_pg_attribute *attribute)
{
    for (int i = 0; i < table->columns; i++)
        if (strcmp(table->column[i].name, NameStr(attribute->attname)) == 0)
            return &table->column[i];
    return nullptr;
}

/* Whether any value of the row is stored out of line. */
bool LookAt(TupleTableSlot *slot, RawTable *table)
{
    bool out_of_line = false;
    slot_getallattrs(slot);
    for (int i = 0; i < slot->tts_nvalid; i++)
    {
        const FormData_pg_attribute *attribute = TupleDescAttr(slot->tts_tupleDescriptor, i);
        if (slot->tts_isnull[i] || !MayBeLong(attribute))
            continue;
        out_of_line |= VARATT_IS_EXTERNAL(DatumGetPointer(slot->tts_values[i]));
        RawColumn *column = ColumnOf(table, attribute);
        if (column != nullptr)
            column->overlong |= toast_datum_size(slot->tts_values[i]) > kLongestKey;
    }
    return out_of_line;
}

bool LookAtSample(Relation relation, RawTable *table)
{
    BlockSamplerData blocks;
    TupleTableSlot *slot = table_slot_create(relation, nullptr);
    bool out_of_line = false;
    BlockSampler_Init(&blocks, RelationGetNumberOfBlocks(relation), kBlocks, kSeed);
    ForEachRow(relation, &blocks, slot, [&] {
        out_of_line |= LookAt(slot, table);
        return true;
    });
    ExecDropSingleTupleTableSlot(slot);
    return out_of_line;
}

void SuspectWidest(Relation relation, RawTable *table)
{
    RawColumn *widest = nullptr;
    const TupleDesc descriptor = RelationGetDescr(relation);
    for (int i = 0; i < descriptor->natts; i++)
    {
        const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, i);
        RawColumn *column = MayBeLong(attribute) ? ColumnOf(table, attribute) : nullptr;
        if (column != nullptr && (widest == nullptr || column->average_width > widest->average_width))
            widest = column;
    }
    if (widest != nullptr)
        widest->overlong = true;
}

void MarkOf(Relation relation, RawTable *table)
{
    if (!StoresOutOfLine(relation))
        return;
    /* a serializable transaction would take part in conflicts by what is only measured */
    const bool readable = HasBlocksToPick(relation) && !IsolationIsSerializable();
    if (!readable || !LookAtSample(relation, table))
        SuspectWidest(relation, table);
}

} // namespace

void MarkOverlongColumns(Relation relation, RawTable *table)
{
    if (!table->partitioned)
    {
        MarkOf(relation, table);
        return;
    }
    const int leaves = list_length(table->leaves);
    const int step = std::max(1, (leaves + kTables - 1) / kTables);
    for (int i = 0; i < leaves; i += step)
    {
        /* whoever counted its rows holds its lock, unless it was not to be had */
        const Oid oid = list_nth_oid(table->leaves, i);
        if (!ConditionalLockRelationOid(oid, AccessShareLock))
            continue;
        Relation leaf = try_relation_open(oid, NoLock);
        if (leaf == nullptr)
            continue;
        MarkOf(leaf, table);
        relation_close(leaf, NoLock);
    }
}

} // namespace pg_advisor::whatif
