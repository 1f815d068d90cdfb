/*
 * The collector's planner calls and the conversion of what was found: see collector.hpp.
 */
#include "whatif/collector.hpp"

#include "boundary/sandbox.hpp"
#include "whatif/catalog_reader.hpp"
#include "whatif/collected.hpp"
#include "whatif/session.hpp"
#include "whatif/tree_check.hpp"

namespace pg_advisor::whatif
{

namespace
{

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

/* By now every base relation of the query has been seen; what follows is the dear part of planning. */
void LeaveWhenComplete(World *world, PlannerInfo *root)
{
    if (IsOutermost(root))
        LeavePlanning(world);
}

/* One planner call; the result lives in `context`. */
List *Plan(const PlannableQuery &query, ParamListInfo params, const Carriers &carriers, MemoryContext context)
{
    Collecting collecting;
    collecting.context = context;
    SetCarriers(&collecting, carriers);
    collecting.collect = CollectRelation;
    collecting.join = LeaveWhenComplete;
    Session session(&collecting);
    try
    {
        Sandbox({query.user, nullptr}, [&] {
            MemoryContext previous = MemoryContextSwitchTo(context);
            VerifyTree(query.tree);
            /* partitions are locked by the planner, after pruning */
            (void)set_config_option("lock_timeout", "100ms", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
            collecting.query = static_cast<Query *>(copyObjectImpl(query.tree));
            (void)planner(collecting.query, query.text, CURSOR_OPT_PARALLEL_OK, params);
            MemoryContextSwitchTo(previous);
        });
    }
    catch (const PgError &error)
    {
        if (!WasLeft(collecting, error))
            throw;
    }
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
    key.opclass = found.opclass;
    key.collation = found.asked_collation;
    return key;
}

/* Node strings of predicates and expressions by relation: one table's literal does not vouch for another's. */
using Literals = Set<std::pair<Oid, String>>;

void AddLiteral(Literals &literals, Oid relation, const char *node)
{
    if (node != nullptr)
        literals.emplace(relation, node);
}

Literals LiteralsOf(const List *relations)
{
    Literals literals;
    const ListCell *cell, *inner_cell, *key_cell;
    foreach (cell, relations)
    {
        const FoundRelation *found = static_cast<const FoundRelation *>(lfirst(cell));
        foreach (inner_cell, found->clauses)
        {
            const FoundClause *clause = static_cast<const FoundClause *>(lfirst(inner_cell));
            AddLiteral(literals, found->relation, clause->predicate_node);
            AddLiteral(literals, found->relation, clause->key.node);
        }
        foreach (inner_cell, found->orders)
            foreach (key_cell, static_cast<const List *>(lfirst(inner_cell)))
                AddLiteral(literals, found->relation, static_cast<const FoundKey *>(lfirst(key_cell))->node);
    }
    return literals;
}

/* Whether the node string may become part of an index; without values everything is the statement's own. */
bool IsOwn(const Literals *literals, Oid relation, const String &node)
{
    return node.empty() || literals == nullptr || literals->count({relation, node}) > 0;
}

std::optional<ClauseFact> Convert(const FoundClause &found, Oid relation, const Literals *literals)
{
    ClauseFact fact;
    fact.key = Convert(found.key);
    fact.kind = found.kind;
    fact.access_method = Text(found.access_method);
    fact.selectivity = found.selectivity;
    fact.outer = found.outer;
    fact.in_or = found.in_or;
    if (!IsOwn(literals, relation, fact.key.expression_node))
        return std::nullopt;
    const String node = Text(found.predicate_node);
    if (!node.empty() && IsOwn(literals, relation, node))
    {
        fact.constant_predicate = found.predicate;
        fact.constant_predicate_node = node;
    }
    /* these two say nothing but their predicate */
    if (fact.constant_predicate.empty() && (fact.kind == ClauseKind::NotEqual || fact.kind == ClauseKind::NotNull))
        return std::nullopt;
    return fact;
}

Vector<KeyPart> ConvertOrder(const List *found, Oid relation, const Literals *literals)
{
    Vector<KeyPart> order;
    const ListCell *cell;
    foreach (cell, found)
    {
        KeyPart key = Convert(*static_cast<const FoundKey *>(lfirst(cell)));
        if (!IsOwn(literals, relation, key.expression_node))
            break;
        order.push_back(std::move(key));
    }
    return order;
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

    const ListCell *cell;
    foreach (cell, found.clauses)
    {
        auto fact = Convert(*static_cast<const FoundClause *>(lfirst(cell)), found.relation, literals);
        if (fact)
            facts.clauses.push_back(std::move(*fact));
    }
    foreach (cell, found.orders)
    {
        Vector<KeyPart> order = ConvertOrder(static_cast<const List *>(lfirst(cell)), found.relation, literals);
        if (!order.empty())
            facts.orders.push_back(std::move(order));
    }
    return facts;
}

/* Literals of the statement itself: what is still there when no value is known. */
Literals GenericLiterals(const PlannableQuery &query, MemoryContext context)
{
    try
    {
        return LiteralsOf(Plan(query, nullptr, Carriers(), context));
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
    }
    return {}; /* it can be planned with values only: nothing is known to be a literal */
}

} // namespace

QueryFacts CollectFacts(const PlannableQuery &query, Catalog &catalog, const Carriers &carriers)
{
    PlanningContext context;
    QueryFacts facts;
    facts.user.oid = query.user;
    Literals literals;
    const bool has_values = query.params != nullptr && query.params->numParams > 0;

    const List *relations = Plan(query, query.params, carriers, context.Get());
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
