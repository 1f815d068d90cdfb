/*
 * The part of whatif/hypothetical that runs inside the planner's get_relation_info hook.
 *
 * Fills IndexOptInfo as get_relation_info does for a real index. Arrays are shared with the template: the
 * planner only reads them. Frames have plain locals only.
 */
#include "whatif/hypothetical.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* As the core's build_index_tlist. */
List *TargetList(const IndexOptInfo *info, Oid relation, Index varno)
{
    List *list = NIL;
    const ListCell *expression = list_head(info->indexprs);
    for (int i = 0; i < info->ncolumns; ++i)
    {
        Expr *column;
        if (info->indexkeys[i] != 0)
        {
            Oid type, collation;
            int32 typmod;
            get_atttypetypmodcoll(relation, info->indexkeys[i], &type, &typmod, &collation);
            column = reinterpret_cast<Expr *>(makeVar(varno, info->indexkeys[i], type, typmod, collation, 0));
        }
        else
        {
            column = static_cast<Expr *>(lfirst(expression));
            expression = lnext(info->indexprs, expression);
        }
        list = lappend(list, makeTargetEntry(column, i + 1, nullptr, false));
    }
    return list;
}

List *CopyFor(List *nodes, Index varno)
{
    List *copy = copyObject(nodes);
    if (copy != NIL && varno != 1)
        ChangeVarNodes(reinterpret_cast<Node *>(copy), 1, varno, 0);
    return copy;
}

/* Sizes follow the table's present size, which may differ from when the index was sized. */
void SetSize(IndexOptInfo *info, const HypotheticalTable *table, const RelOptInfo *rel)
{
    const double growth = table->rows >= 1 ? rel->tuples / table->rows : 1;
    info->tuples = rel->tuples * table->fraction;
    info->pages = std::max(1.0, std::rint(table->pages * growth));
    info->tree_height = table->height;
}

void SetMethod(IndexOptInfo *info, const HypotheticalIndex *index)
{
    const IndexAmRoutine *method = GetIndexAmRoutineByAmId(index->method, false);
    info->relam = index->method;
    if (method->amcanorder)
    {
        info->sortopfamily = index->families;
        info->reverse_sort = index->descending;
        info->nulls_first = index->nulls_first;
    }
    info->amcanorderbyop = method->amcanorderbyop;
    info->amoptionalkey = method->amoptionalkey;
    info->amsearcharray = method->amsearcharray;
    info->amsearchnulls = method->amsearchnulls;
    info->amhasgettuple = method->amgettuple != nullptr;
    info->amhasgetbitmap = method->amgetbitmap != nullptr;
    info->amcanparallel = method->amcanparallel;
    info->amcanmarkpos = method->ammarkpos != nullptr && method->amrestrpos != nullptr;
    info->amcostestimate = reinterpret_cast<decltype(info->amcostestimate)>(method->amcostestimate);
}

} // namespace

const HypotheticalTable *TableOf(const HypotheticalIndex *index, Oid relation)
{
    const HypotheticalTable *first = index->tables;
    const HypotheticalTable *end = first + index->table_count;
    const HypotheticalTable *found =
        std::lower_bound(first, end, relation,
                         [](const HypotheticalTable &table, Oid wanted) { return table.relation < wanted; });
    return found != end && found->relation == relation ? found : nullptr;
}

void Inject(const HypotheticalIndex *index, Oid relation, RelOptInfo *rel)
{
    const HypotheticalTable *table = TableOf(index, relation);
    if (table == nullptr)
        return;

    IndexOptInfo *info = makeNode(IndexOptInfo);
    info->indexoid = index->oid;
    info->reltablespace = rel->reltablespace;
    info->rel = rel;
    SetSize(info, table, rel);
    info->ncolumns = index->column_count;
    info->nkeycolumns = index->key_count;
    info->indexkeys = table->columns;
    info->indexcollations = index->collations;
    info->opfamily = index->families;
    info->opcintype = index->types;
    info->opclassoptions = static_cast<bytea **>(palloc0(sizeof(bytea *) * index->key_count));
    info->canreturn = index->returned;
    info->indexprs = CopyFor(table->expressions, rel->relid);
    info->indpred = CopyFor(table->predicate, rel->relid);
    info->indextlist = TargetList(info, relation, rel->relid);
    info->unique = index->unique;
    info->immediate = true;
    info->hypothetical = true;
    compat::SetNullsNotDistinct(info, false);
    SetMethod(info, index);
    rel->indexlist = lappend(rel->indexlist, info);
}

/* An index of no row, as its predicate says: the planner looks for statistics in it all the same. */
void InjectStatistics(const HypotheticalIndex *index, Oid relation, RelOptInfo *rel)
{
    static int no_column[] = {0};
    const HypotheticalTable *table = TableOf(index, relation);
    if (table == nullptr && relation != index->relation)
        return;

    IndexOptInfo *info = makeNode(IndexOptInfo);
    info->indexoid = index->oid;
    info->rel = rel;
    info->ncolumns = info->nkeycolumns = 1;
    info->indexkeys = no_column;
    info->indexcollations = index->collations;
    info->opfamily = index->families;
    info->opcintype = index->types;
    info->opclassoptions = static_cast<bytea **>(palloc0(sizeof(bytea *)));
    info->canreturn = static_cast<bool *>(palloc0(sizeof(bool)));
    info->indexprs = CopyFor(table != nullptr ? table->expressions : index->expressions, rel->relid);
    info->indpred = list_make1(makeBoolConst(false, false));
    info->indextlist = TargetList(info, relation, rel->relid);
    info->hypothetical = true;
    info->relam = index->method;
    rel->indexlist = lappend(rel->indexlist, info);
}

void Hide(const Oid *oids, int count, RelOptInfo *rel)
{
    ListCell *cell;
    foreach (cell, rel->indexlist)
    {
        const Oid oid = static_cast<IndexOptInfo *>(lfirst(cell))->indexoid;
        if (std::find(oids, oids + count, oid) != oids + count)
            rel->indexlist = foreach_delete_current(rel->indexlist, cell);
    }
}

} // namespace pg_advisor::whatif
