/*
 * The collector's hook: one base relation of one query level, while the planner runs. See collected.hpp.
 */
#include "whatif/collected.hpp"
#include "whatif/nodes.hpp"

namespace pg_advisor::whatif
{

namespace
{

const RangeTblEntry *ParentOf(const PlannerInfo *root, Index number)
{
    const AppendRelInfo *append = root->append_rel_array != nullptr ? root->append_rel_array[number] : nullptr;
    return append != nullptr ? root->simple_rte_array[append->parent_relid] : nullptr;
}

bool IsDescendant(const PlannerInfo *root, Index number, Index ancestor)
{
    while (root->append_rel_array != nullptr && root->append_rel_array[number] != nullptr)
    {
        number = root->append_rel_array[number]->parent_relid;
        if (number == ancestor)
            return true;
    }
    return false;
}

/* Rows of the table; of a partitioned one, of the partitions that are left after pruning. */
double RowsOf(const PlannerInfo *root, const RelOptInfo *rel, const RangeTblEntry *rte)
{
    if (!rte->inh)
        return rel->tuples;
    double rows = 0;
    for (int i = 1; i < root->simple_rel_array_size; i++)
    {
        RelOptInfo *child = root->simple_rel_array[i];
        if (child != nullptr && !root->simple_rte_array[i]->inh && IsDescendant(root, i, rel->relid) &&
            !IS_DUMMY_REL(child))
            rows += child->tuples;
    }
    return rows;
}

/* Whether facts about this entry are wanted, that is, whether it is where an index could be made. */
bool IsWanted(const PlannerInfo *root, RelOptInfo *rel, Index number, const RangeTblEntry *rte)
{
    if (rte->rtekind != RTE_RELATION || rte->tablesample != nullptr || IS_DUMMY_REL(rel) ||
        rte->relid < FirstNormalObjectId)
        return false;
    if (rte->relkind != RELKIND_RELATION && rte->relkind != RELKIND_PARTITIONED_TABLE &&
        rte->relkind != RELKIND_MATVIEW)
        return false;
    if (get_rel_persistence(rte->relid) == RELPERSISTENCE_TEMP)
        return false;
    /* Partitions: their parent speaks for them. Inheritance: the parent comes again as its own child. */
    if (rte->relkind != RELKIND_PARTITIONED_TABLE && rte->inh)
        return false;
    const RangeTblEntry *parent = ParentOf(root, number);
    return parent == nullptr || parent->rtekind != RTE_RELATION || parent->relkind != RELKIND_PARTITIONED_TABLE;
}

/* Whether something above may stop the scan early, and could if the rows came in the right order. */
bool IsLimited(PlannerInfo *root)
{
    const Query *query = root->parse;
    if (root->limit_tuples > 0)
        return true;
    /* Less than one is a fraction: half of the rows (NOT IN, for one) is no limit. */
    if (root->tuple_fraction <= 0 || (root->tuple_fraction > 0.1 && root->tuple_fraction < 1))
        return false;
    if (query->hasAggs && query->groupClause == NIL)
        return false;
    return root->sort_pathkeys == NIL || pathkeys_contained_in(root->sort_pathkeys, root->query_pathkeys);
}

Bitmapset *NeededColumns(const IndexTarget &target)
{
    Bitmapset *own = nullptr;
    const Index number = target.rel->relid;
    pull_varattnos(reinterpret_cast<Node *>(target.rel->reltarget->exprs), number, &own);
    ListCell *cell;
    foreach (cell, target.rel->baserestrictinfo)
        pull_varattnos(reinterpret_cast<Node *>(lfirst_node(RestrictInfo, cell)->clause), number, &own);

    Bitmapset *needed = nullptr;
    int member = -1;
    /* a row to be changed is found by its place, which of a partitioned table is not in the target list */
    if (bms_is_member(static_cast<int>(number), target.root->all_result_relids))
        needed = bms_add_member(needed, 0);
    while ((member = bms_next_member(own, member)) >= 0)
    {
        int column = std::max(member + FirstLowInvalidHeapAttributeNumber, 0);
        if (column > 0 && target.columns != nullptr)
            column = column <= target.column_count ? target.columns[column - 1] : 0;
        needed = bms_add_member(needed, column);
    }
    return needed;
}

/* The planner tries min() and max() with NULLs at either end; the end that is the default says it all. */
bool IsSecondTry(const Collecting *collecting, const PlannerInfo *root, const FoundRelation *found)
{
    if (collecting->relations == NIL || root->parent_root == nullptr || list_length(found->orders) != 1)
        return false;
    const FoundRelation *last = static_cast<const FoundRelation *>(llast(collecting->relations));
    if (last->relation != found->relation || last->number != found->number || !last->limited || !found->limited ||
        list_length(last->clauses) != list_length(found->clauses) || list_length(last->orders) != 1)
        return false;
    const List *order = static_cast<const List *>(linitial(found->orders));
    const List *last_order = static_cast<const List *>(linitial(last->orders));
    if (list_length(order) != 1 || list_length(last_order) != 1)
        return false;
    const FoundKey *key = static_cast<const FoundKey *>(linitial(order));
    const FoundKey *last_key = static_cast<const FoundKey *>(linitial(last_order));
    return SameKey(*key, *last_key) && key->descending == last_key->descending &&
           key->nulls_first != key->descending && last_key->nulls_first == last_key->descending;
}

} // namespace

void CollectRelation(World *world, PlannerInfo *root, RelOptInfo *rel, Index number, RangeTblEntry *rte)
{
    Collecting *collecting = static_cast<Collecting *>(world);
    if (!IsWanted(root, rel, number, rte))
        return;

    MemoryContext previous = MemoryContextSwitchTo(collecting->context);
    IndexTarget target = {root, rel, TopParent(rte->relid), nullptr, 0};
    /* Texts are made in terms of the parent, whose lock the query does not hold. */
    if (target.relation == rte->relid || ConditionalLockRelationOid(target.relation, AccessShareLock))
    {
        if (target.relation != rte->relid)
            target.columns = MapColumns(rte->relid, target.relation, &target.column_count);
        FoundRelation *found = static_cast<FoundRelation *>(palloc0(sizeof(FoundRelation)));
        found->relation = target.relation;
        found->number = number;
        found->rows = RowsOf(root, rel, rte);
        found->selected_rows = rel->rows;
        found->limited = IsLimited(root);
        found->needed = NeededColumns(target);
        /* By now the planner has put filtered rows there for a partitioned table; estimates want all. */
        const Cardinality tuples = rel->tuples;
        rel->tuples = found->rows;
        CollectClauses(target, found);
        CollectOrders(target, found);
        rel->tuples = tuples;
        if (!IsSecondTry(collecting, root, found))
            collecting->relations = lappend(collecting->relations, found);
    }
    MemoryContextSwitchTo(previous);
}

} // namespace pg_advisor::whatif
