/*
 * How the recorded statements use the columns of tables: the workload's side of a schema review.
 *
 * Called by advisor.column_usage. Read from the query trees, views expanded; columns of sub-selects are followed to
 * their tables.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/pg.hpp"

namespace pg_advisor
{

struct ColumnUse
{
    Oid relation = InvalidOid;    /* the topmost parent of a partition */
    AttrNumber column = 0;
    const char *place = nullptr;  /* condition, order, group, output, set */
    const char *wrapper = nullptr; /* what stands around the column: cast, a function or operator; null: nothing */
    const char *key = nullptr;    /* of a wrapper with a constant second argument, as in data ->> 'key' */
    /* Of conditions only: */
    const char *operator_name = nullptr; /* is null, is not null, is true and so on for tests without an operator */
    Oid op = InvalidOid;
    Oid collation = InvalidOid;   /* by which it compares */
    const char *other = nullptr;  /* constant, parameter, column, stable (a call like now()), expression */
    Oid other_type = InvalidOid;
    Oid other_relation = InvalidOid;
    AttrNumber other_column = 0;
    const char *pattern = nullptr; /* of LIKE and its kin: prefix, contains, whole; null where the value is not known */
};

struct StatementUses
{
    std::int64_t queryid = 0;
    double calls = 0, total_time = 0; /* ms */
    Vector<ColumnUse> uses;           /* without repetition */
};

/* Of the statements of this database that the caller may see. Strings are palloc'd in CurrentMemoryContext. Throws
 * Failure 55000 where nothing is recorded. */
Vector<StatementUses> ReadColumnUses();

} // namespace pg_advisor
