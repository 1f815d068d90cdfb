/*
 * What the catalog reader finds: plain structures, palloc'd, filled below the guards.
 *
 * catalog_reader.cpp decides which relations to read and turns these into advise/catalog structures;
 * table_scan.cpp reads one relation and its columns, index_scan.cpp its indexes.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

enum class Detail
{
    Definitions, /* of columns the names only */
    Everything,
};

struct RawKey
{
    AttrNumber column; /* 0: an expression */
    const char *expression;
    const char *node;
    Oid opclass, collation; /* 0: the default one */
    bool descending, nulls_first;
};

struct RawIndex
{
    Oid oid;
    const char *name;
    const char *method;
    int keys;
    RawKey *key;
    int includes;
    AttrNumber *include; /* in the order of the index */
    const char *predicate;
    const char *predicate_node;
    bool unique, valid, constraint, replica_identity, attached, clustered, deferrable;
    double bytes, scans, idle_seconds;
    const char *definition;
    const char *settings; /* statements, each with ";\n" before it, for what the definition does not have */
};

struct RawColumn
{
    AttrNumber number;
    const char *name;
    double average_width, distinct, null_fraction, correlation;
    bool indexable, brin, hash, gist, overlong;
};

struct RawTable
{
    Oid oid;
    const char *schema;
    const char *name;
    double rows, pages, visible_pages;
    bool analyzed, temporary, catalog, ordinary, partitioned;
    List *leaves; /* OIDs */
    double inserts, updates, hot_updates, deletes, reads;
    List *foreign_keys; /* ForeignKeyCacheInfo, copies */
    int columns;
    RawColumn *column;
    int indexes;
    RawIndex *index;
};

/* Null where the relation is gone or its lock is not to be had at once. The lock stays. May ereport. */
RawTable *ScanTable(Oid relation, Detail detail);

/* The indexes of an open table into table->index. */
void ScanIndexes(Relation relation, RawTable *table);

} // namespace pg_advisor::whatif
