/*
 * From the system catalogs to advise/catalog: see catalog_reader.hpp.
 *
 * The reading itself happens below the guards, in a sandbox that gives the locks back, into the plain
 * structures of table_scan.hpp.
 */
#include "whatif/catalog_reader.hpp"

#include "boundary/sandbox.hpp"
#include "whatif/nodes.hpp"
#include "whatif/table_scan.hpp"

namespace pg_advisor::whatif
{

namespace
{

String Text(const char *text)
{
    return text != nullptr ? String(text) : String();
}

ExistingIndex Convert(const RawIndex &raw, Oid relation)
{
    ExistingIndex index;
    index.oid = raw.oid;
    index.name = Text(raw.name);
    index.valid = raw.valid;
    index.constraint = raw.constraint;
    index.replica_identity = raw.replica_identity;
    index.attached = raw.attached;
    index.clustered = raw.clustered;
    index.deferrable = raw.deferrable;
    index.bytes = raw.bytes;
    index.scans = raw.scans;
    index.idle_seconds = raw.idle_seconds;
    index.definition = Text(raw.definition);
    index.settings = Text(raw.settings);
    index.spec.relation = relation;
    index.spec.access_method = Text(raw.method);
    index.spec.unique = raw.unique;
    index.spec.predicate = Text(raw.predicate);
    index.spec.predicate_node = Text(raw.predicate_node);
    for (int i = 0; i < raw.keys; i++)
    {
        const RawKey &raw_key = raw.key[i];
        KeyPart key;
        key.column = raw_key.column;
        key.expression = Text(raw_key.expression);
        key.expression_node = Text(raw_key.node);
        key.opclass = raw_key.opclass;
        key.collation = raw_key.collation;
        key.descending = raw_key.descending;
        key.nulls_first = raw_key.nulls_first;
        index.spec.keys.push_back(std::move(key));
    }
    index.spec.include.assign(raw.include, raw.include + raw.includes);
    std::sort(index.spec.include.begin(), index.spec.include.end());
    return index;
}

TableInfo Convert(const RawTable &raw)
{
    TableInfo table;
    table.oid = raw.oid;
    table.schema = Text(raw.schema);
    table.name = Text(raw.name);
    table.rows = raw.rows;
    table.pages = raw.pages;
    table.all_visible = raw.pages > 0 ? raw.visible_pages / raw.pages : 0;
    table.analyzed = raw.analyzed;
    table.temporary = raw.temporary;
    table.catalog = raw.catalog;
    table.ordinary = raw.ordinary;
    table.partitioned = raw.partitioned;
    table.inserts = raw.inserts;
    table.updates = raw.updates;
    table.hot_updates = raw.hot_updates;
    table.deletes = raw.deletes;
    table.reads = raw.reads;
    const ListCell *cell;
    foreach (cell, raw.foreign_keys)
    {
        const auto *key = static_cast<const ForeignKeyCacheInfo *>(lfirst(cell));
        table.foreign_keys.emplace_back(key->conkey, key->conkey + key->nkeys);
    }
    foreach (cell, raw.leaves)
        table.leaves.push_back(lfirst_oid(cell));
    for (int i = 0; i < raw.columns; i++)
    {
        const RawColumn &raw_column = raw.column[i];
        ColumnInfo column;
        column.number = raw_column.number;
        column.name = Text(raw_column.name);
        column.average_width = raw_column.average_width;
        column.distinct = raw_column.distinct;
        column.null_fraction = raw_column.null_fraction;
        column.correlation = raw_column.correlation;
        column.indexable = raw_column.indexable;
        column.brin = raw_column.brin;
        column.hash = raw_column.hash;
        column.gist = raw_column.gist;
        column.overlong = raw_column.overlong;
        table.columns.push_back(std::move(column));
    }
    for (int i = 0; i < raw.indexes; i++)
        table.indexes.push_back(Convert(raw.index[i], raw.oid));
    return table;
}

} // namespace

void ReadOne(Catalog &catalog, Oid relation, Detail detail)
{
    if (catalog.count(relation) > 0)
        return;
    const RawTable *raw = nullptr;
    Sandbox({}, [&] { raw = ScanTable(relation, detail); });
    if (raw != nullptr)
        catalog.emplace(relation, Convert(*raw));
}

Oid RootOf(Oid relation)
{
    return CallPg([&] { return TopParent(relation); });
}

void ReadTable(Catalog &catalog, Oid relation)
{
    ReadOne(catalog, relation, Detail::Everything);
    const Oid root = RootOf(relation);
    if (root != relation)
        ReadOne(catalog, root, Detail::Everything);
    const auto found = catalog.find(root);
    if (found == catalog.end())
        return;
    for (const Oid leaf : found->second.leaves)
        ReadOne(catalog, leaf, Detail::Everything);
}

} // namespace pg_advisor::whatif
