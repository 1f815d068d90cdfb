/*
 * What an index is, to the search: its table, keys, INCLUDE columns and predicate. No PostgreSQL type.
 *
 * Made by advise/candidates (from what the planner asked for) or by whatif/parse_index (from DDL text),
 * priced by a CostModel, printed by present/ddl. Expressions and predicates travel twice: as SQL text for
 * people and as the server's own node string (Vars numbered 1) for the planner.
 */
#pragma once

#include "base/containers.hpp"

namespace pg_advisor
{

using Oid32 = std::uint32_t;

struct KeyPart
{
    std::int16_t column = 0;   /* attribute number; 0: an expression */
    String expression;         /* SQL text in parentheses if it needs them; empty for a column */
    String expression_node;    /* nodeToString() of it */
    Oid32 opclass = 0;         /* 0: the default operator class of the key's type */
    Oid32 collation = 0;       /* 0: the column's own */
    bool descending = false;
    bool nulls_first = false;  /* the default is nulls_first == descending */

    bool SameColumn(const KeyPart &other) const
    {
        return column == other.column && expression_node == other.expression_node;
    }
    bool operator==(const KeyPart &) const = default;
};

/* As whom an index is looked at: not a part of its definition, so that it takes no part in comparisons. */
struct Role
{
    Oid32 oid = 0;             /* 0: the caller */

    bool operator==(const Role &) const { return true; }
};

struct IndexSpec
{
    Oid32 relation = 0;
    String access_method = "btree";
    Vector<KeyPart> keys;
    Vector<std::int16_t> include; /* attribute numbers, ascending */
    String predicate;             /* SQL text; empty: none */
    String predicate_node;
    bool unique = false;
    Role user;                    /* who ran the query that the expressions are from: functions in them are called as him */

    bool HasExpressions() const;  /* in its keys or as a predicate */
    bool operator==(const IndexSpec &) const = default;
};

/* A total order that does not depend on discovery order or on OIDs of other objects. */
String CanonicalKey(const IndexSpec &index);

/* Whether every use of `narrow` could be served by `wide`: same table, method and predicate, and the keys
 * of narrow are a prefix of those of wide (same directions, or all reversed), its INCLUDE contained. */
bool IsPrefixOf(const IndexSpec &narrow, const IndexSpec &wide);

/* Whether either could stand in for the other (a fully reversed B-tree counts; uniqueness does not). */
bool Equivalent(const IndexSpec &left, const IndexSpec &right);

/* The same key but read backwards. */
KeyPart Reversed(const KeyPart &key);

} // namespace pg_advisor
