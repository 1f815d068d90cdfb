/*
 * Which orders of a relation's rows would be of use: sorting, grouping, DISTINCT, windows, merge joins;
 * and what counts as a key. Runs inside the planner: see collected.hpp.
 */
#include "whatif/collected.hpp"
#include "whatif/nodes.hpp"
#include "whatif/other_methods.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* True where an expression holds what no index expression can. */
bool HasForeignPart(Node *node, void *context)
{
    const IndexTarget *target = static_cast<const IndexTarget *>(context);
    if (node == nullptr)
        return false;
    switch (nodeTag(node))
    {
    case T_Var:
    {
        const Var *var = reinterpret_cast<const Var *>(node);
        return static_cast<Index>(var->varno) != target->rel->relid || var->varlevelsup != 0 || var->varattno <= 0;
    }
    case T_Param:
    case T_PlaceHolderVar:
    case T_SubLink:
    case T_SubPlan:
    case T_AlternativeSubPlan:
    case T_Aggref:
    case T_GroupingFunc:
    case T_WindowFunc:
    case T_CurrentOfExpr:
        return true;
    default:
        return compat::WalkExpression(node, HasForeignPart, context);
    }
}

/* An implicit cast that keeps the statement from the column's own index, as of an integer that is compared with a
 * numeric: it is the statement that wants repair, and a second index would hide it. */
bool CastsPastIndex(const IndexTarget &target, Node *operand)
{
    if (!IsA(operand, FuncExpr) || reinterpret_cast<FuncExpr *>(operand)->funcformat != COERCE_IMPLICIT_CAST)
        return false;
    Node *argument = static_cast<Node *>(linitial(reinterpret_cast<FuncExpr *>(operand)->args));
    while (argument != nullptr && IsA(argument, RelabelType))
        argument = reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(argument)->arg);
    if (argument == nullptr || !IsA(argument, Var))
        return false;
    const AttrNumber column = reinterpret_cast<Var *>(argument)->varattno;
    ListCell *cell;
    foreach (cell, target.rel->indexlist)
    {
        const auto *index = static_cast<const IndexOptInfo *>(lfirst(cell));
        if (index->relam == BTREE_AM_OID && index->indpred == NIL && index->indexkeys[0] == column)
            return true;
    }
    return false;
}

bool FindExpressionKey(const IndexTarget &target, Node *operand, FoundKey *key)
{
    IndexTarget copy = target;
    if (CastsPastIndex(target, operand) ||
        !bms_equal(pull_varnos(target.root, operand), target.rel->relids) || HasForeignPart(operand, &copy) ||
        contain_mutable_functions(operand) || expression_returns_set(operand))
        return false;
    Node *own = OwnVars(operand, target.rel->relid, target.columns, target.column_count);
    if (own == nullptr)
        return false;
    key->column = 0;
    key->expression = KeyText(target.relation, own);
    key->node = NodeText(own, 1);
    return true;
}

/* key <-> value: orders rows by an index on the key, never by one on the distance itself. */
bool IsDistance(const Expr *expression, OtherMethod *method)
{
    if (!IsA(expression, OpExpr))
        return false;
    const OpExpr *distance = reinterpret_cast<const OpExpr *>(expression);
    return list_length(distance->args) == 2 &&
           OtherMethods(distance->opno, exprType(static_cast<Node *>(linitial(distance->args))), AMOP_ORDER, method, 1) > 0;
}

/* Where the first order is a distance from a value: what can be asked for the nearest. */
void AddNearest(const IndexTarget &target, const List *path_keys, FoundRelation *found)
{
    if (!found->limited || path_keys == NIL)
        return;
    const PathKey *first = linitial_node(PathKey, path_keys);
    if (compat::IsDescending(first))
        return;
    compat::ForEachMember(first->pk_eclass, target.rel->relids, [&](EquivalenceMember *member) {
        OtherMethod method;
        FoundKey key;
        if (!IsDistance(member->em_expr, &method))
            return false;
        const OpExpr *distance = reinterpret_cast<const OpExpr *>(member->em_expr);
        if (!FindAnyKey(target, static_cast<Node *>(linitial(distance->args)), &key) ||
            !bms_is_empty(pull_varnos(target.root, static_cast<Node *>(lsecond(distance->args)))))
            return false;
        FoundClause *nearest = static_cast<FoundClause *>(palloc0(sizeof(FoundClause)));
        nearest->key = key;
        nearest->key.opclass = method.opclass;
        nearest->kind = ClauseKind::Nearest;
        nearest->access_method = method.name;
        nearest->selectivity = 1;
        found->clauses = lappend(found->clauses, nearest);
        return true;
    });
}

/* The part of the path keys that rows of this relation alone can be sorted by. */
List *OrderOf(const IndexTarget &target, List *path_keys)
{
    List *order = NIL;
    OtherMethod ignored;
    ListCell *cell;
    foreach (cell, path_keys)
    {
        const PathKey *path_key = lfirst_node(PathKey, cell);
        EquivalenceClass *equivalence = path_key->pk_eclass;
        FoundKey *key = static_cast<FoundKey *>(palloc0(sizeof(FoundKey)));
        bool matched = false;
        if (equivalence->ec_has_volatile)
            break;
        compat::ForEachMember(equivalence, target.rel->relids, [&](EquivalenceMember *member) {
            matched = !member->em_is_const && bms_equal(member->em_relids, target.rel->relids) &&
                      !IsDistance(member->em_expr, &ignored) &&
                      FindKey(target, reinterpret_cast<Node *>(member->em_expr), key) &&
                      key->family == path_key->pk_opfamily && AskCollation(key, equivalence->ec_collation);
            return matched;
        });
        if (!matched)
            break;
        key->descending = compat::IsDescending(path_key);
        key->nulls_first = path_key->pk_nulls_first;
        order = lappend(order, key);
    }
    return order;
}

bool SameOrder(const List *one, const List *other)
{
    if (list_length(one) != list_length(other))
        return false;
    const ListCell *cell, *other_cell;
    forboth(cell, one, other_cell, other)
    {
        const FoundKey *key = static_cast<const FoundKey *>(lfirst(cell));
        const FoundKey *other_key = static_cast<const FoundKey *>(lfirst(other_cell));
        if (!SameKey(*key, *other_key) || key->descending != other_key->descending ||
            key->nulls_first != other_key->nulls_first)
            return false;
    }
    return true;
}

void AddOrder(FoundRelation *found, List *order)
{
    if (order == NIL)
        return;
    ListCell *cell;
    foreach (cell, found->orders)
        if (SameOrder(static_cast<const List *>(lfirst(cell)), order))
            return;
    found->orders = lappend(found->orders, order);
}

} // namespace

bool SameKey(const FoundKey &one, const FoundKey &other)
{
    if (one.column != other.column || one.asked_collation != other.asked_collation)
        return false;
    return one.column != 0 || strcmp(one.node, other.node) == 0;
}

bool AskCollation(FoundKey *key, Oid collation)
{
    if (OidIsValid(key->collation) != OidIsValid(collation))
        return false;
    key->asked_collation = collation == key->collation ? InvalidOid : collation;
    return true;
}

bool FindAnyKey(const IndexTarget &target, Node *operand, FoundKey *key)
{
    *key = {};
    /* As match_index_to_operand does: an index on varchar serves comparisons as text. */
    while (operand != nullptr && IsA(operand, RelabelType))
        operand = reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(operand)->arg);
    if (operand == nullptr)
        return false;
    key->type = exprType(operand);
    key->family = BtreeFamily(key->type);
    key->collation = exprCollation(operand);
    if (!IsA(operand, Var))
        return FindExpressionKey(target, operand, key);

    const Var *var = reinterpret_cast<const Var *>(operand);
    if (static_cast<Index>(var->varno) != target.rel->relid || var->varlevelsup != 0 || var->varattno <= 0)
        return false;
    key->column = var->varattno;
    if (target.columns != nullptr)
        key->column = var->varattno <= target.column_count ? target.columns[var->varattno - 1] : 0;
    return key->column != 0;
}

bool FindKey(const IndexTarget &target, Node *operand, FoundKey *key)
{
    return FindAnyKey(target, operand, key) && OidIsValid(key->family);
}

void CollectOrders(const IndexTarget &target, FoundRelation *found)
{
    const PlannerInfo *root = target.root;

    AddNearest(target, root->query_pathkeys, found);
    AddOrder(found, OrderOf(target, root->query_pathkeys));
    AddOrder(found, OrderOf(target, root->group_pathkeys));
    AddOrder(found, OrderOf(target, root->window_pathkeys));
    AddOrder(found, OrderOf(target, root->distinct_pathkeys));
    AddOrder(found, OrderOf(target, root->sort_pathkeys));

    /* A merge join can use any key that is compared for equality with another relation, */
    ListCell *cell;
    foreach (cell, found->clauses)
    {
        const FoundClause *clause = static_cast<const FoundClause *>(lfirst(cell));
        if (clause->outer == 0 || clause->in_or || clause->kind != ClauseKind::Equality)
            continue;
        FoundKey *key = static_cast<FoundKey *>(palloc(sizeof(FoundKey)));
        *key = clause->key;
        AddOrder(found, list_make1(key));
    }
    /* and the outer side of an outer join, whose clauses are of no other use to it. */
    foreach (cell, target.rel->joininfo)
    {
        const RestrictInfo *info = lfirst_node(RestrictInfo, cell);
        if (info->mergeopfamilies == NIL)
            continue;
        FoundKey *key = static_cast<FoundKey *>(palloc(sizeof(FoundKey)));
        Node *side = bms_equal(info->left_relids, target.rel->relids)
                         ? get_leftop(info->clause)
                         : (bms_equal(info->right_relids, target.rel->relids) ? get_rightop(info->clause) : nullptr);
        if (side != nullptr && FindKey(target, side, key) && list_member_oid(info->mergeopfamilies, key->family))
            AddOrder(found, list_make1(key));
    }
}

} // namespace pg_advisor::whatif
