/*
 * See row_sets.hpp.
 */
#include "whatif/row_sets.hpp"

namespace pg_advisor::whatif
{

namespace
{

constexpr uint64 kNamed = 1; /* a name is never 0 */
constexpr int kMostAlike = 2;

const char *NameIn(const RangeTblEntry *rte)
{
    return rte->eref != nullptr && rte->eref->aliasname != nullptr ? rte->eref->aliasname : "";
}

bool Alike(const RangeTblEntry *left, const RangeTblEntry *right)
{
    return left->rtekind == right->rtekind && (left->rtekind != RTE_RELATION || left->relid == right->relid) &&
           strcmp(NameIn(left), NameIn(right)) == 0;
}

/* A table may have the same name at two levels of the query. The outer level comes first in every plan; among three
 * the order of the inner ones is not certain. */
RowSet RowsOfTable(const PlannedStmt *statement, Index child)
{
    const Index rti = TopmostParent(statement, child);
    const RangeTblEntry *rte = rt_fetch(rti, statement->rtable);
    uint64 number = 0, alike = 0;
    for (Index i = 1; i <= static_cast<Index>(list_length(statement->rtable)); i++)
    {
        if (i == rti)
            number = alike;
        alike += Alike(rt_fetch(i, statement->rtable), rte) && TopmostParent(statement, i) == i;
    }
    if (alike > kMostAlike)
        return 0;
    const char *name = NameIn(rte);
    const Oid relation = rte->rtekind == RTE_RELATION ? rte->relid : InvalidOid;
    return hash_bytes_extended(reinterpret_cast<const unsigned char *>(name), static_cast<int>(strlen(name)),
                               hash_combine64(relation, number)) |
           kNamed;
}

/* What becomes of rows that have a name by a step that changes their number. */
RowSet After(RowSet rows, NodeTag step, uint64 detail)
{
    return rows == 0 ? 0 : hash_combine64(rows, hash_combine64(static_cast<uint64>(step), detail)) | kNamed;
}

/* The same in every order. */
RowSet Joined(RowSet left, RowSet right)
{
    return left == 0 || right == 0 ? 0 : (left + right) | kNamed;
}

RowSet RowsOfAppend(const PlannedStmt *statement, const Bitmapset *relids)
{
    RowSet rows = 0;
    for (int rti = -1; (rti = bms_next_member(relids, rti)) >= 0;)
    {
        const RowSet one = RowsOfTable(statement, static_cast<Index>(rti));
        if (one == 0)
            return 0;
        rows = rows == 0 ? one : Joined(rows, one);
    }
    return rows;
}

RowSet RowsOfGroups(const Agg *agg, RowSet rows)
{
    if (agg->aggsplit != AGGSPLIT_SIMPLE || agg->groupingSets != NIL)
        return 0;
    return After(rows, T_Agg, static_cast<uint64>(agg->numCols) * 2 + (agg->plan.qual != NIL ? 1 : 0));
}

} // namespace

Index TopmostParent(const PlannedStmt *statement, Index rti)
{
    bool climbed = true;
    while (climbed)
    {
        climbed = false;
        for (int i = 0; i < list_length(statement->appendRelations); i++)
        {
            const auto *append = static_cast<const AppendRelInfo *>(list_nth(statement->appendRelations, i));
            if (append->child_relid != rti ||
                rt_fetch(append->parent_relid, statement->rtable)->rtekind != RTE_RELATION)
                continue;
            rti = append->parent_relid;
            climbed = true;
            break;
        }
    }
    return rti;
}

bool MakesRows(const Plan *plan)
{
    switch (nodeTag(plan))
    {
    case T_SubqueryScan:
        return plan->qual != NIL;
    case T_Hash:
    case T_Sort:
    case T_IncrementalSort:
    case T_Material:
    case T_Memoize:
    case T_Gather:
    case T_GatherMerge:
    case T_LockRows:
        return false;
    default:
        return true;
    }
}

RowSet RowsOf(const PlannedStmt *statement, const Plan *plan, RowSet outer, RowSet inner)
{
    if (!MakesRows(plan))
        return outer;
    switch (nodeTag(plan))
    {
    case T_SeqScan:
    case T_SampleScan:
    case T_IndexScan:
    case T_IndexOnlyScan:
    case T_BitmapHeapScan:
    case T_TidScan:
    case T_TidRangeScan:
    case T_FunctionScan:
    case T_TableFuncScan:
    case T_ValuesScan:
    case T_CteScan:
        return RowsOfTable(statement, reinterpret_cast<const Scan *>(plan)->scanrelid);
    case T_SubqueryScan:
        return After(outer, T_SubqueryScan, 0);
    case T_Append:
        return RowsOfAppend(statement, reinterpret_cast<const Append *>(plan)->apprelids);
    case T_MergeAppend:
        return RowsOfAppend(statement, reinterpret_cast<const MergeAppend *>(plan)->apprelids);
    case T_NestLoop:
    case T_MergeJoin:
    case T_HashJoin:
        return Joined(outer, inner);
    case T_Agg:
        return RowsOfGroups(reinterpret_cast<const Agg *>(plan), outer);
    case T_Group:
        return After(outer, T_Agg, static_cast<uint64>(reinterpret_cast<const Group *>(plan)->numCols) * 2 +
                                       (plan->qual != NIL ? 1 : 0));
    case T_Unique:
        return After(outer, T_Agg, static_cast<uint64>(reinterpret_cast<const Unique *>(plan)->numCols) * 2);
    default:
        return 0;
    }
}

Bitmapset *WithLoopParams(const Bitmapset *params, const NestLoop *join)
{
    Bitmapset *all = bms_copy(params);
    for (int i = 0; i < list_length(join->nestParams); i++)
        all = bms_add_member(all, static_cast<const NestLoopParam *>(list_nth(join->nestParams, i))->paramno);
    return all;
}

} // namespace pg_advisor::whatif
