/*
 * See tree_tools.hpp.
 */
#include "whatif/tree_tools.hpp"

namespace pg_advisor::whatif
{

namespace
{

struct Relations
{
    List *all;
    List *inherited; /* those whose children are read too */
};

bool CollectRelations(Node *node, void *context)
{
    auto *relations = static_cast<Relations *>(context);
    if (node == nullptr)
        return false;
    if (IsA(node, RangeTblEntry))
    {
        const auto *entry = reinterpret_cast<RangeTblEntry *>(node);
        if (entry->rtekind == RTE_RELATION && entry->relkind != RELKIND_VIEW)
        {
            relations->all = list_append_unique_oid(relations->all, entry->relid);
            if (entry->inh)
                relations->inherited = list_append_unique_oid(relations->inherited, entry->relid);
        }
        return false;
    }
    if (IsA(node, Query))
        return compat::WalkQuery(reinterpret_cast<Query *>(node), CollectRelations, context,
                                 QTW_EXAMINE_RTES_BEFORE);
    return compat::WalkExpression(node, CollectRelations, context);
}

bool WeakenEntries(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    if (IsA(node, RangeTblEntry))
    {
        auto *entry = reinterpret_cast<RangeTblEntry *>(node);
        if (entry->rellockmode != NoLock)
            entry->rellockmode = AccessShareLock;
        return false;
    }
    if (IsA(node, Query))
        return compat::WalkQuery(reinterpret_cast<Query *>(node), WeakenEntries, context, QTW_EXAMINE_RTES_BEFORE);
    return compat::WalkExpression(node, WeakenEntries, context);
}

bool HighestParameter(Node *node, void *context)
{
    auto *highest = static_cast<int *>(context);
    if (node == nullptr)
        return false;
    if (IsA(node, Param) && reinterpret_cast<Param *>(node)->paramkind == PARAM_EXTERN)
        *highest = std::max(*highest, reinterpret_cast<Param *>(node)->paramid);
    if (IsA(node, Query))
        return compat::WalkQuery(reinterpret_cast<Query *>(node), HighestParameter, context, 0);
    return compat::WalkExpression(node, HighestParameter, context);
}

struct Replacement
{
    int next;
    bool any;
    bool only_null; /* those alone that give NULL in this session */
};

/* Reading a setting, and the server's own functions of values. */
bool IsMoreThanSetting(Oid function, void *)
{
    if (function == F_CURRENT_SETTING_TEXT || function == F_CURRENT_SETTING_TEXT_BOOL)
        return false;
    return function >= FirstGenbkiObjectId || func_volatile(function) != PROVOLATILE_IMMUTABLE;
}

bool DoesMore(Node *node, void *context)
{
    return node != nullptr && (check_functions_in_node(node, IsMoreThanSetting, context) ||
                               compat::WalkExpression(node, DoesMore, context));
}

/* A simple SQL function, as of frameworks that keep their user in a setting, is looked into as the planner does. */
bool GivesNull(Node *call)
{
    Node *plain = eval_const_expressions(nullptr, call);
    if (contain_var_clause(plain) || contain_subplans(plain) || DoesMore(plain, nullptr))
        return false;
    bool null = false;
    EState *state = CreateExecutorState();
    ExprState *expression = ExecPrepareExpr(reinterpret_cast<Expr *>(plain), state);
    (void)ExecEvalExprSwitchContext(expression, GetPerTupleExprContext(state), &null);
    FreeExecutorState(state);
    return null;
}

bool IsStableCallOfConstants(const Node *node)
{
    if (!IsA(node, FuncExpr))
        return false;
    const auto *call = reinterpret_cast<const FuncExpr *>(node);
    ListCell *cell;
    foreach (cell, call->args)
        if (!IsA(static_cast<Node *>(lfirst(cell)), Const))
            return false;
    return !call->funcretset && func_volatile(call->funcid) == PROVOLATILE_STABLE;
}

Node *ReplaceCalls(Node *node, void *context)
{
    auto *replacement = static_cast<Replacement *>(context);
    if (node == nullptr)
        return nullptr;
    if (IsStableCallOfConstants(node) && (!replacement->only_null || GivesNull(node)))
    {
        Param *param = makeNode(Param);
        param->paramkind = PARAM_EXTERN;
        param->paramid = replacement->next++;
        param->paramtype = exprType(node);
        param->paramtypmod = exprTypmod(node);
        param->paramcollid = exprCollation(node);
        param->location = -1;
        replacement->any = true;
        return reinterpret_cast<Node *>(param);
    }
    if (IsA(node, Query))
        return reinterpret_cast<Node *>(
            compat::MutateQuery(reinterpret_cast<Query *>(node), ReplaceCalls, context, 0));
    return compat::MutateExpression(node, ReplaceCalls, context);
}

} // namespace

List *RelationsOf(Query *query, List **expanded)
{
    Relations relations{};
    ListCell *cell;
    CollectRelations(reinterpret_cast<Node *>(query), &relations);
    *expanded = list_copy(relations.all);
    foreach (cell, relations.inherited)
        if (has_subclass(lfirst_oid(cell)))
            *expanded = list_concat(*expanded, find_all_inheritors(lfirst_oid(cell), NoLock, nullptr));
    list_sort(*expanded, list_oid_cmp);
    list_deduplicate_oid(*expanded);
    return relations.all;
}

void WeakenLocks(Query *query)
{
    WeakenEntries(reinterpret_cast<Node *>(query), nullptr);
}

void LockOrFail(List *relations)
{
    ListCell *cell;
    foreach (cell, relations)
        if (!ConditionalLockRelationOid(lfirst_oid(cell), AccessShareLock))
            ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                            errmsg("could not obtain lock on relation \"%s\"",
                                   get_rel_name(lfirst_oid(cell)) ? get_rel_name(lfirst_oid(cell)) : "?")));
    /* children are locked by the planner, after pruning */
    (void)set_config_option("lock_timeout", "100ms", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

bool HasParameters(Query *query)
{
    int highest = 0;
    HighestParameter(reinterpret_cast<Node *>(query), &highest);
    return highest > 0;
}

Query *WithoutStableCalls(Query *query, bool only_null, bool *replaced)
{
    Replacement replacement{1, false, only_null};
    int highest = 0;
    HighestParameter(reinterpret_cast<Node *>(query), &highest);
    replacement.next = highest + 1;
    auto *result = reinterpret_cast<Query *>(ReplaceCalls(reinterpret_cast<Node *>(query), &replacement));
    *replaced = replacement.any;
    return result;
}

} // namespace pg_advisor::whatif
