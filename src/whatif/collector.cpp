/*
 * The collector's planner call, its hook, and the conversion of what was found: see collector.hpp.
 */
#include "whatif/collector.hpp"

#include "boundary/sandbox.hpp"
#include "whatif/catalog_reader.hpp"
#include "whatif/collected.hpp"
#include "whatif/nodes.hpp"
#include "whatif/session.hpp"
#include "whatif/tree_check.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* The what-if world of a collecting planner call. */
struct Collecting : World
{
    MemoryContext context = nullptr;
    List *relations = NIL; /* of FoundRelation */
};

/* Memory of one planner call; what it leaves is deleted with the object. */
class PlanningContext
{
  public:
    PlanningContext()
        : context_(CallPg([] {
              return AllocSetContextCreateInternal(CurrentMemoryContext, "pg_advisor collector", ALLOCSET_DEFAULT_SIZES);
          }))
    {
    }
    ~PlanningContext() { MemoryContextDelete(context_); }
    PlanningContext(const PlanningContext &) = delete;
    PlanningContext &operator=(const PlanningContext &) = delete;
    MemoryContext Get() const { return context_; }

  private:
    MemoryContext context_;
};

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

/* World::collect: below the planner, so C rules. Everything it leaves is in the collector's context. */
void Collect(World *world, PlannerInfo *root, RelOptInfo *rel, Index number, RangeTblEntry *rte)
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

/* One planner call; the result lives in `context`. */
List *Plan(const PlannableQuery &query, ParamListInfo params, MemoryContext context)
{
    Collecting collecting;
    collecting.context = context;
    collecting.collect = Collect;
    Session session(&collecting);
    Sandbox({query.user, nullptr}, [&] {
        MemoryContext previous = MemoryContextSwitchTo(context);
        CheckTree(query.tree);
        collecting.query = static_cast<Query *>(copyObjectImpl(query.tree));
        (void)planner(collecting.query, query.text, 0, params);
        MemoryContextSwitchTo(previous);
    });
    return collecting.relations;
}

String Text(const char *text)
{
    return text != nullptr ? String(text) : String();
}

KeyPart Convert(const FoundKey &found)
{
    KeyPart key;
    key.column = found.column;
    key.expression = Text(found.expression);
    key.expression_node = Text(found.node);
    key.descending = found.descending;
    key.nulls_first = found.nulls_first;
    return key;
}

/* Predicates by relation, so that one table's literal does not vouch for another table's. */
using Literals = Set<std::pair<Oid, String>>;

Literals LiteralsOf(const List *relations)
{
    Literals literals;
    const ListCell *cell, *clause_cell;
    foreach (cell, relations)
    {
        const FoundRelation *found = static_cast<const FoundRelation *>(lfirst(cell));
        foreach (clause_cell, found->clauses)
        {
            const FoundClause *clause = static_cast<const FoundClause *>(lfirst(clause_cell));
            if (clause->predicate_node != nullptr)
                literals.emplace(found->relation, clause->predicate_node);
        }
    }
    return literals;
}

RelationFacts Convert(const FoundRelation &found, const Literals *literals)
{
    RelationFacts facts;
    facts.relation = found.relation;
    facts.range_table_index = static_cast<int>(found.number);
    facts.rows = found.rows;
    facts.selected_rows = found.selected_rows;
    facts.limited = found.limited;
    for (int column = -1; (column = bms_next_member(found.needed, column)) >= 0;)
        facts.needed.push_back(static_cast<std::int16_t>(column));

    const ListCell *cell, *key_cell;
    foreach (cell, found.clauses)
    {
        const FoundClause *clause = static_cast<const FoundClause *>(lfirst(cell));
        ClauseFact fact;
        fact.key = Convert(clause->key);
        fact.kind = clause->kind;
        fact.selectivity = clause->selectivity;
        fact.outer = clause->outer;
        fact.in_or = clause->in_or;
        const String node = Text(clause->predicate_node);
        if (!node.empty() && (literals == nullptr || literals->count({found.relation, node}) > 0))
        {
            fact.constant_predicate = clause->predicate;
            fact.constant_predicate_node = node;
        }
        /* these two say nothing but their predicate */
        if (fact.constant_predicate.empty() && (fact.kind == ClauseKind::NotEqual || fact.kind == ClauseKind::NotNull))
            continue;
        facts.clauses.push_back(std::move(fact));
    }
    foreach (cell, found.orders)
    {
        Vector<KeyPart> order;
        foreach (key_cell, static_cast<const List *>(lfirst(cell)))
            order.push_back(Convert(*static_cast<const FoundKey *>(lfirst(key_cell))));
        facts.orders.push_back(std::move(order));
    }
    return facts;
}

/* Literals of the statement itself: what is still there when no value is known. */
Literals GenericLiterals(const PlannableQuery &query, MemoryContext context)
{
    try
    {
        return LiteralsOf(Plan(query, nullptr, context));
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
    }
    return {}; /* it can be planned with values only: nothing is known to be a literal */
}

} // namespace

QueryFacts CollectFacts(const PlannableQuery &query, Catalog &catalog)
{
    PlanningContext context;
    QueryFacts facts;
    Literals literals;
    const bool has_values = query.params != nullptr && query.params->numParams > 0;

    const List *relations = Plan(query, query.params, context.Get());
    if (has_values)
        literals = GenericLiterals(query, context.Get());

    const ListCell *cell;
    foreach (cell, relations)
    {
        const FoundRelation *found = static_cast<const FoundRelation *>(lfirst(cell));
        ReadTable(catalog, found->relation);
        const auto table = catalog.find(found->relation);
        if (table != catalog.end() && table->second.ordinary && !table->second.temporary && !table->second.catalog)
            facts.relations.push_back(Convert(*found, has_values ? &literals : nullptr));
    }
    return facts;
}

} // namespace pg_advisor::whatif
