/*
 * Candidates of other access methods than B-tree, for one table of one query. Used by candidates.cpp only.
 */
#pragma once

#include "advise/candidate_shapes.hpp"

namespace pg_advisor
{

inline bool IsEquality(const ClauseFact &clause)
{
    return clause.kind == ClauseKind::Equality || clause.kind == ClauseKind::IsNull;
}

/* Whether rows of a partial index have one value in its predicate's column. */
inline bool HoldsConstant(const ClauseFact *predicate, const KeyPart &key)
{
    return predicate != nullptr && IsEquality(*predicate) && key.SameColumn(predicate->key);
}

/* Operators that B-tree does not know; with GiST also behind equalities, where btree_gist allows it. True if there
 * are any. */
bool EmitOtherMethods(const RelationFacts &facts, const TableInfo &table, const ClauseFact *predicate,
                      CandidateShapes &out);
/* A range over rows that lie in its order, and stay there. */
void EmitBrin(const RelationFacts &facts, const TableInfo &table, CandidateShapes &out);
/* Equality of wide values: four bytes of each are enough. */
void EmitHash(const RelationFacts &facts, const TableInfo &table, CandidateShapes &out);

} // namespace pg_advisor
