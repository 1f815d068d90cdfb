/*
 * What makes an index superfluous: an existing one that serves as well, or another candidate.
 *
 * Called by advise/candidates before anything is priced, by advise/search to keep the chosen set free of
 * prefixes, and by the review of existing indexes.
 */
#pragma once

#include "advise/catalog.hpp"

namespace pg_advisor
{

/* A valid existing index that serves every use of `candidate`, or null. Its predicate must be identical:
 * whether one predicate implies another is the planner's business. */
const ExistingIndex *ServedBy(const IndexSpec &candidate, const TableInfo &table);

/* Whether nothing but queries can need it: no constraint, replica identity, CLUSTER or partitioned index does. */
bool MayBeDropped(const ExistingIndex &index, const TableInfo &table);

/* Whether the candidate serves for every query that the existing one serves. */
bool BeginsWith(const IndexSpec &candidate, const ExistingIndex &existing);

/* The existing index with the very keys and predicate of the candidate, which has more INCLUDE columns, or null. */
const ExistingIndex *NarrowTwin(const IndexSpec &candidate, const TableInfo &table);

/* How many of the leading keys some unique index is made of; 0 if none is. Whatever follows them excludes no row
 * and orders nothing that is not in order. */
std::size_t UniqueKeys(const IndexSpec &candidate, const TableInfo &table);

enum class Overlap
{
    None,
    Same,     /* either serves for the other */
    Narrower, /* the first is a prefix of the second */
    Wider,
};

Overlap Compare(const IndexSpec &first, const IndexSpec &second);

/* Why the index has to stay whatever stands beside it; empty: it may go. */
std::string_view NeededFor(const ExistingIndex &index);

/* Another index of the table that does all that `index` does, its uniqueness included, and is the one to keep. */
struct Cover
{
    const ExistingIndex *index = nullptr; /* null: none */
    bool same = false;                    /* no more columns, in the same order */
};

/* `gone`: those that are given up already, ascending. */
Cover FindCover(const ExistingIndex &index, const TableInfo &table, const Vector<Oid32> &gone);

/* Of three in a chain each is then compared with what is left. */
Vector<const ExistingIndex *> LargestFirst(const TableInfo &table);

struct RedundantIndex
{
    const ExistingIndex *index = nullptr;
    Cover cover;
};

/* Largest first; what covers one of them is none of them. Of those that have to stay only constraints are told of. */
Vector<RedundantIndex> FindRedundant(const TableInfo &table);

/* Whether the index reads this column in a key, INCLUDE, an expression or its predicate: an update of it
 * has to touch the index, and cannot be heap-only. */
bool DependsOn(const IndexSpec &index, const ColumnInfo &column);

/* Whether SQL text mentions an identifier, quoted or not; string constants are skipped. */
bool MentionsIdentifier(std::string_view sql, std::string_view name);

} // namespace pg_advisor
