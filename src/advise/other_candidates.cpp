/*
 * See other_candidates.hpp. What an operator class can do was looked up by the collector.
 */
#include "advise/other_candidates.hpp"

#include "advise/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

bool LeadsBtree(const TableInfo &table, const KeyPart &key)
{
    return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const ExistingIndex &index) {
        return index.valid && index.spec.access_method == "btree" && index.spec.predicate.empty() &&
               index.spec.keys.front().SameColumn(key);
    });
}

} // namespace

bool EmitOtherMethods(const RelationFacts &facts, const TableInfo &table, const ClauseFact *predicate,
                      CandidateShapes &out)
{
    bool any = false;
    for (const ClauseFact &clause : facts.clauses)
    {
        if (clause.kind != ClauseKind::Search && clause.kind != ClauseKind::Nearest)
            continue;
        any = true;
        out.EmitOther(clause.access_method, {clause.key}, predicate);
        if (clause.access_method != "gist" || clause.in_or)
            continue;
        for (const ClauseFact &other : facts.clauses)
        {
            const ColumnInfo *column = table.Column(other.key.column);
            if (other.kind != ClauseKind::Equality || other.in_or || (other.outer & ~clause.outer) != 0 ||
                column == nullptr || !column->gist || other.key.opclass != 0 || HoldsConstant(predicate, other.key) ||
                other.selectivity > 1 - thresholds::kMinRowReduction)
                continue;
            out.EmitOther(clause.access_method, {other.key, clause.key}, predicate);
        }
    }
    return any;
}

void EmitBrin(const RelationFacts &facts, const TableInfo &table, CandidateShapes &out)
{
    using namespace thresholds;
    if (table.pages < kMinBrinPages || table.partitioned ||
        table.updates + table.deletes > kMaxBrinChurn * std::max(table.inserts, table.rows))
        return;
    for (const ClauseFact &clause : facts.clauses)
    {
        const ColumnInfo *column = table.Column(clause.key.column);
        if (clause.kind == ClauseKind::Range && clause.outer == 0 && column != nullptr && column->brin &&
            clause.key.opclass == 0 && std::abs(column->correlation) >= kMinBrinCorrelation &&
            !LeadsBtree(table, clause.key))
            out.EmitOther("brin", {clause.key}, nullptr);
    }
}

void EmitHash(const RelationFacts &facts, const TableInfo &table, CandidateShapes &out)
{
    for (const ClauseFact &clause : facts.clauses)
    {
        const ColumnInfo *column = table.Column(clause.key.column);
        if (clause.kind == ClauseKind::Equality && column != nullptr && column->hash && clause.key.opclass == 0 &&
            (column->average_width >= thresholds::kMinHashWidth || column->overlong) && !LeadsBtree(table, clause.key))
            out.EmitOther("hash", {clause.key}, nullptr);
    }
}

} // namespace pg_advisor
