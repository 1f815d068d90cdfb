/*
 * Reads one relation for the catalog reader: sizes, write counters, columns with their statistics.
 */
#include "whatif/table_scan.hpp"

#include "whatif/column_statistics.hpp"
#include "whatif/nodes.hpp"
#include "whatif/overlong_values.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* Whether the default operator class of the method can search for equal values. */
bool FindsEqual(Oid type, Oid method)
{
    const Oid opclass = GetDefaultOpClass(type, method);
    const TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_EQ_OPR);
    return OidIsValid(opclass) && OidIsValid(entry->eq_opr) &&
           op_in_opfamily(entry->eq_opr, get_opclass_family(opclass));
}

/* Not for partitions: indexes are suggested for their parent, and each question reads pg_opclass. */
void FindMethods(Oid type, RawColumn *column)
{
    column->brin = OidIsValid(GetDefaultOpClass(type, BRIN_AM_OID));
    column->hash = OidIsValid(GetDefaultOpClass(type, HASH_AM_OID));
    column->gist = FindsEqual(type, GIST_AM_OID);
}

void ScanColumns(Relation relation, Detail detail, RawTable *table)
{
    const TupleDesc descriptor = RelationGetDescr(relation);
    table->column = static_cast<RawColumn *>(palloc0(sizeof(RawColumn) * (descriptor->natts + 1)));
    for (int i = 0; i < descriptor->natts; i++)
    {
        const FormData_pg_attribute *attribute = TupleDescAttr(descriptor, i);
        if (attribute->attisdropped)
            continue;
        RawColumn *column = &table->column[table->columns++];
        column->number = attribute->attnum;
        column->name = pstrdup(NameStr(attribute->attname));
        if (detail == Detail::Definitions)
            continue;
        column->indexable = OidIsValid(BtreeFamily(attribute->atttypid));
        if (!relation->rd_rel->relispartition)
            FindMethods(attribute->atttypid, column);
        column->average_width = get_typavgwidth(attribute->atttypid, attribute->atttypmod);
        table->analyzed |= ReadColumnStatistics(*table, column);
    }
}

/* Counters since statistics were reset; they exist for what has storage only. */
void AddCounters(Oid relation, RawTable *table)
{
    const PgStat_StatTabEntry *counters = pgstat_fetch_stat_tabentry(relation);
    if (counters == nullptr)
        return;
    table->inserts += static_cast<double>(counters->tuples_inserted);
    table->updates += static_cast<double>(counters->tuples_updated);
    table->hot_updates += static_cast<double>(counters->tuples_hot_updated);
    table->deletes += static_cast<double>(counters->tuples_deleted);
    table->reads += static_cast<double>(counters->numscans);
}

/* Sizes as the planner sees them now, not as of the last ANALYZE. */
void AddSize(Relation relation, RawTable *table)
{
    if (!RELKIND_HAS_TABLE_AM(relation->rd_rel->relkind))
        return;
    BlockNumber pages = 0;
    double rows = 0, visible = 0;
    estimate_rel_size(relation, nullptr, &pages, &rows, &visible);
    table->pages += pages;
    table->rows += rows;
    table->visible_pages += visible * pages;
}

void AddLeaf(Oid leaf, RawTable *table)
{
    AddCounters(leaf, table);
    if (!ConditionalLockRelationOid(leaf, AccessShareLock))
        return;
    Relation relation = try_relation_open(leaf, NoLock);
    if (relation == nullptr)
        return;
    AddSize(relation, table);
    relation_close(relation, NoLock);
}

void ScanLeaves(RawTable *table)
{
    ListCell *cell;
    List *parts = find_all_inheritors(table->oid, NoLock, nullptr);
    foreach (cell, parts)
    {
        const Oid part = lfirst_oid(cell);
        const char kind = get_rel_relkind(part);
        if (kind == RELKIND_PARTITIONED_TABLE || kind == '\0')
            continue;
        table->leaves = lappend_oid(table->leaves, part);
        AddLeaf(part, table);
    }
}

} // namespace

RawTable *ScanTable(Oid oid, Detail detail)
{
    if (!OidIsValid(oid) || !ConditionalLockRelationOid(oid, AccessShareLock))
        return nullptr;
    Relation relation = try_relation_open(oid, NoLock);
    if (relation == nullptr)
        return nullptr;

    const FormData_pg_class *form = relation->rd_rel;
    const char kind = form->relkind;
    RawTable *table = static_cast<RawTable *>(palloc0(sizeof(RawTable)));
    table->oid = oid;
    table->schema = get_namespace_name(form->relnamespace);
    table->name = pstrdup(NameStr(form->relname));
    table->temporary = form->relpersistence == RELPERSISTENCE_TEMP;
    /* what initdb made: pg_catalog, pg_toast and information_schema; TOAST tables of users too */
    table->catalog = oid < FirstNormalObjectId || IsCatalogNamespace(form->relnamespace) ||
                     IsToastNamespace(form->relnamespace);
    table->partitioned = kind == RELKIND_PARTITIONED_TABLE;
    table->ordinary = kind == RELKIND_RELATION || kind == RELKIND_MATVIEW || table->partitioned;
    if (table->schema == nullptr)
        table->schema = "";

    if (table->partitioned)
        ScanLeaves(table);
    else if (table->ordinary)
    {
        AddSize(relation, table);
        AddCounters(oid, table);
    }
    ScanColumns(relation, detail, table);
    if (table->ordinary)
    {
        /* indexes are suggested for a partition's parent, which has looked at some of them */
        if (detail != Detail::Definitions && !form->relispartition)
            MarkOverlongColumns(relation, table);
        ScanIndexes(relation, table);
        table->foreign_keys = copyObject(RelationGetFKeyList(relation));
    }
    relation_close(relation, NoLock);
    return table;
}

} // namespace pg_advisor::whatif
