/*
 * Expressions of indexes: how they travel as node strings and as SQL text, and what a B-tree can hold.
 *
 * Used by the collector, the catalog reader and the reader of CREATE INDEX texts, so that the same
 * expression gives the same string wherever it came from: Vars numbered 1 at level 0, source locations -1,
 * coercion forms that equal() ignores made alike. Functions named ...Text are for code below PostgreSQL
 * frames: they may ereport and return palloc'd strings. The String ones throw PgError.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* nodeToString of a copy of `expression`, whose Vars of range table index `varno` become number 1. */
char *NodeText(Node *expression, Index varno);
String NodeString(Node *expression, Index varno);

/* The alignment of what equal() ignores, in place. */
void NormaliseNode(Node *expression);

/* Of EXTRACT(year FROM x) and NORMALIZE(x, NFC), whose keyword the deparser takes for granted to be a constant: a copy
 * with that as it is and the other arguments mutated, a plain call if it is none. nullptr for any other node. */
Node *MutateAroundKeyword(Node *node, Node *(*mutate)(Node *node, void *context), void *context);

/* SQL text of an expression over `relation` (Vars numbered 1), as a key of CREATE INDEX wants it: in
 * parentheses unless it looks like a function call. */
char *KeyText(Oid relation, Node *expression);
String DeparseFor(Oid relation, Node *expression);

/* SQL text of a condition over `relation` (Vars numbered 1), without parentheses around the whole. */
char *ConditionText(Oid relation, Node *condition);
String ConditionFor(Oid relation, Node *condition);

/* A copy of `expression` with the Vars of `varno` numbered 1 and, if `columns` is not null, their attribute
 * numbers replaced by columns[number - 1]; nullptr if one of them maps to 0. */
Node *OwnVars(Node *expression, Index varno, const AttrNumber *columns, int column_count);

/* For each attribute number of `from` (index 0 is number 1) that of the column of `to` with its name, or 0. */
AttrNumber *MapColumns(Oid from, Oid to, int *count);

/* Topmost partitioned parent of a relation, or the relation itself. RootOf for code below C frames. */
Oid TopParent(Oid relation);

/* Operator family of the default B-tree operator class of a type that can be an index key; else InvalidOid. */
Oid BtreeFamily(Oid type);

} // namespace pg_advisor::whatif
