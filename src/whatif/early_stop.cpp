/*
 * See early_stop.hpp.
 */
#include "whatif/early_stop.hpp"

#include "whatif/column_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor::whatif
{

namespace
{

/* Rows that pass may lie this many times further off than if they were spread evenly. Four tells keys of which some have
 * had no row for long from those that all come again and again. */
constexpr double kUneven = 4;

bool IsEquality(const IndexOptInfo *index, const IndexClause *clause)
{
    /* as the index takes it: a bare boolean column has become a comparison */
    const auto *op = reinterpret_cast<const OpExpr *>(linitial_node(RestrictInfo, clause->indexquals)->clause);
    if (!IsA(op, OpExpr) || clause->lossy)
        return false;
    return get_op_opfamily_strategy(op->opno, index->opfamily[clause->indexcol]) == BTEqualStrategyNumber;
}

/* The first key column that is not compared for equality: by it the scan's rows are ordered. */
int OrderedBy(const IndexPath *path)
{
    int column = 0;
    ListCell *cell;
    foreach (cell, path->indexclauses)
    {
        const auto *clause = static_cast<const IndexClause *>(lfirst(cell));
        if (clause->indexcol == column && IsEquality(path->indexinfo, clause))
            column++;
    }
    return column;
}

/* Whether the condition bounds what is read: those on columns behind the one that gives the order only filter. */
bool IsBoundary(const IndexPath *path, const RestrictInfo *condition, int ordered_by)
{
    ListCell *cell;
    foreach (cell, path->indexclauses)
    {
        const auto *clause = static_cast<const IndexClause *>(lfirst(cell));
        if (clause->rinfo == condition)
            return clause->indexcol <= ordered_by;
    }
    return false;
}

const Var *ColumnOf(Node *node, Index relation)
{
    node = strip_implicit_coercions(node);
    const auto *var = reinterpret_cast<const Var *>(node);
    return IsA(var, Var) && var->varno == static_cast<int>(relation) && var->varattno > 0 ? var : nullptr;
}

/* The column that the condition bounds, and whether from above; nullptr if it is no range condition. */
const Var *Bounded(const RestrictInfo *condition, Index relation, bool *above)
{
    const auto *op = reinterpret_cast<const OpExpr *>(condition->clause);
    if (!IsA(op, OpExpr) || list_length(op->args) != 2)
        return nullptr;
    const Var *left = ColumnOf(static_cast<Node *>(linitial(op->args)), relation);
    const Var *right = ColumnOf(static_cast<Node *>(lsecond(op->args)), relation);
    const Var *column = left != nullptr ? left : right;
    if ((left == nullptr) == (right == nullptr))
        return nullptr;
    const Oid family = lookup_type_cache(column->vartype, TYPECACHE_BTREE_OPFAMILY)->btree_opf;
    const int strategy = OidIsValid(family) ? get_op_opfamily_strategy(op->opno, family) : 0;
    if (strategy == 0 || strategy == BTEqualStrategyNumber)
        return nullptr;
    *above = (strategy < BTEqualStrategyNumber) == (left != nullptr);
    return column;
}

/* Of two columns with these correlations to the order of the table, the least to each other that is possible: the matrix
 * of all three has to be positive semidefinite. With its sign; 0 if they may be independent. */
double LeastCorrelation(double first, double second)
{
    const double both = first * second;
    const double least = std::abs(both) - std::sqrt((1 - first * first) * (1 - second * second));
    return least <= 0 ? 0 : std::copysign(least, both);
}

} // namespace

double ShareReadBefore(PlannerInfo *root, const IndexPath *path)
{
    const IndexOptInfo *index = path->indexinfo;
    const int ordered_by = OrderedBy(path);
    if (path->path.pathkeys == NIL || ordered_by >= index->nkeycolumns ||
        index->indexkeys[ordered_by] <= 0 || index->reverse_sort == nullptr)
        return 0;
    const Index relation = index->rel->relid;
    const RangeTblEntry *table = planner_rt_fetch(relation, root);
    const double order = CorrelationOf(table->relid, static_cast<AttrNumber>(index->indexkeys[ordered_by]), table->inh);
    const bool highest_first = (path->indexscandir == BackwardScanDirection) != index->reverse_sort[ordered_by];
    double before = 0;
    ListCell *cell;
    foreach (cell, index->indrestrictinfo)
    {
        auto *condition = static_cast<RestrictInfo *>(lfirst(cell));
        bool above = false;
        const Var *column = IsBoundary(path, condition, ordered_by) ? nullptr : Bounded(condition, relation, &above);
        if (column == nullptr || column->varattno == index->indexkeys[ordered_by])
            continue;
        const double correlation = LeastCorrelation(order, CorrelationOf(table->relid, column->varattno, table->inh));
        const bool excludes_first = above == (highest_first == (correlation > 0));
        if (excludes_first)
            before += std::abs(correlation) * (1 - clause_selectivity(root, reinterpret_cast<Node *>(condition), 0,
                                                                      JOIN_INNER, nullptr));
    }
    return std::min(1.0, before);
}

double EarlyStopRisk(double total_cost, double fraction, double kept, double read_before)
{
    const double expected = total_cost * fraction;
    const double uneven = expected * (1 - kept) * (kUneven - 1);
    return std::max(0.0, std::min(total_cost - expected, std::max(uneven, total_cost * read_before)));
}

} // namespace pg_advisor::whatif
