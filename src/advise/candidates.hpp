/*
 * Which indexes are worth asking the planner about: from the facts of the queries to definitions.
 *
 * Called by advise/advisor before anything is priced. B-tree: equality columns first, then an order or one
 * range; joins count as equalities per set of outer relations. Syntax and statistics only.
 */
#pragma once

#include "advise/advisor.hpp"

namespace pg_advisor
{

/* Deterministic and without duplicates, in the order of CanonicalKey. Contains nothing that a valid
 * existing index serves already. */
Vector<IndexSpec> GenerateCandidates(const Vector<StatementInfo> &workload, const Catalog &catalog);

/* Whether an index on this table is thinkable at all. */
bool TableEligible(const TableInfo &table);

/* Whether the query could use the index at all, judged by its clauses, orders and needed columns. */
bool MayUse(const QueryFacts &facts, const IndexSpec &index);

/* Whether it holds nothing that the query has no use for: such are the candidates of its own, and their like. */
bool MadeFor(const QueryFacts &facts, const IndexSpec &index);

/* Distinct values with NULL counted as one; 0 where unknown. */
double EffectiveDistinct(const ColumnInfo &column);

} // namespace pg_advisor
