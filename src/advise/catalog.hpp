/*
 * What the advice needs to know of tables and existing indexes: plain structures, filled by
 * whatif/catalog_reader from the catalogs and statistics. Widths and sizes are bytes, fractions 0..1.
 */
#pragma once

#include "advise/index_spec.hpp"

namespace pg_advisor
{

struct ColumnInfo
{
    std::int16_t number = 0;
    String name;
    double average_width = 0;
    double distinct = 0;      /* distinct values (never negative); 0: no statistics */
    double null_fraction = 0;
    double correlation = 0;   /* of physical and logical order, -1..1 */
    bool indexable = false;   /* its type has a default B-tree operator class */
    bool brin = false, hash = false; /* the same of these */
    bool gist = false;        /* the same, and equality can be searched by it (btree_gist) */
    bool overlong = false;    /* has values that no B-tree takes */
};

struct ExistingIndex
{
    Oid32 oid = 0;
    String name;              /* unqualified, unquoted */
    IndexSpec spec;           /* access_method and keys are filled for every method */
    bool valid = true;
    bool constraint = false;  /* backs a primary key, unique or exclusion constraint */
    bool replica_identity = false;
    bool attached = false;    /* part of a partitioned table's index */
    bool clustered = false;   /* CLUSTER goes by it */
    bool deferrable = false;  /* its uniqueness is checked later: nothing for foreign keys and ON CONFLICT */
    double bytes = 0;
    double scans = 0;         /* since statistics were reset */
    double idle_seconds = 0;  /* since the last of them; 0: not known */
    String definition;        /* the server's CREATE INDEX, with storage options and tablespace; not of attached ones */
    String settings;          /* statistics targets and comment, as statements with ";\n" before each */
};

struct TableInfo
{
    Oid32 oid = 0;
    String schema, name;          /* unquoted */
    double rows = 0, pages = 0;
    double all_visible = 0;       /* fraction of pages */
    bool analyzed = false;        /* the planner has statistics */
    bool temporary = false;
    bool catalog = false;         /* in pg_catalog, information_schema or pg_toast */
    bool ordinary = false;        /* a table, partitioned table or materialised view of this server */
    bool partitioned = false;
    Vector<Oid32> leaves;         /* of a partitioned table, all levels */
    double inserts = 0, updates = 0, hot_updates = 0, deletes = 0; /* since statistics were reset */
    double reads = 0;             /* scans of it and of its indexes, likewise */
    Vector<Vector<std::int16_t>> foreign_keys; /* its own columns in each of them */
    Vector<ColumnInfo> columns;   /* live columns, ascending number */
    Vector<ExistingIndex> indexes;
    Vector<String> guessed;       /* expressions (node strings) without statistics: the planner guesses */
    Vector<String> overlong;      /* expressions that have values which no B-tree takes */
    Vector<String> failing;       /* expressions that raise an error for some row: no index has them, wherever it asks */

    const ColumnInfo *Column(std::int16_t number) const
    {
        for (const ColumnInfo &column : columns)
            if (column.number == number)
                return &column;
        return nullptr;
    }
};

using Catalog = Map<Oid32, TableInfo>;

} // namespace pg_advisor
