/*
 * Node strings and SQL texts of index expressions: see nodes.hpp.
 */
#include "whatif/nodes.hpp"

#include "boundary/guard.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* deparse_expression puts parentheses around these by itself. */
bool ComesInParentheses(const Node *node)
{
    switch (nodeTag(node))
    {
    case T_OpExpr:
    case T_DistinctExpr:
    case T_ScalarArrayOpExpr:
    case T_BoolExpr:
    case T_NullTest:
    case T_BooleanTest:
        return true;
    default:
        return false;
    }
}

/* The grammar accepts a function call as an index key without parentheses. */
bool LooksLikeFunction(const Node *node)
{
    switch (nodeTag(node))
    {
    case T_FuncExpr:
        return reinterpret_cast<const FuncExpr *>(node)->funcformat == COERCE_EXPLICIT_CALL;
    case T_CoalesceExpr:
    case T_MinMaxExpr:
    case T_NullIfExpr:
        return true;
    default:
        return false;
    }
}

/* From 17 on the deparser looks for where such a parameter comes from, in a plan that there is none of here. */
Node *ShowExecParams(Node *node, void *context)
{
    if (node == nullptr)
        return nullptr;
    if (!IsA(node, Param) || reinterpret_cast<Param *>(node)->paramkind != PARAM_EXEC)
        return compat::MutateExpression(node, ShowExecParams, context);
    auto *shown = static_cast<Param *>(copyObjectImpl(node));
    shown->paramkind = PARAM_EXTERN;
    return reinterpret_cast<Node *>(shown);
}

/* With implicit casts where asked: a key that is one would otherwise read like the bare column. */
char *Deparse(Oid relation, Node *expression, bool show_implicit)
{
    const char *name = get_rel_name(relation);
    if (name == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation with OID %u does not exist", relation)));
    return deparse_expression(ShowExecParams(expression, nullptr), deparse_context_for(name, relation), false,
                              show_implicit);
}

/* Which argument is one; -1 if none is. */
int KeywordOf(const Node *node)
{
    const auto *call = reinterpret_cast<const FuncExpr *>(node);
    if (!IsA(node, FuncExpr) || call->funcformat != COERCE_SQL_SYNTAX)
        return -1;
    switch (call->funcid)
    {
    case F_EXTRACT_TEXT_DATE:
    case F_EXTRACT_TEXT_INTERVAL:
    case F_EXTRACT_TEXT_TIME:
    case F_EXTRACT_TEXT_TIMESTAMP:
    case F_EXTRACT_TEXT_TIMESTAMPTZ:
    case F_EXTRACT_TEXT_TIMETZ:
        return 0;
    case F_IS_NORMALIZED:
    case F_NORMALIZE:
        return 1;
    default:
        return -1;
    }
}

struct Renumbering
{
    Index varno;
    const AttrNumber *columns;
    int column_count;
    bool failed;
};

bool Renumber(Node *node, void *context)
{
    Renumbering *renumbering = static_cast<Renumbering *>(context);
    if (node == nullptr)
        return false;
    if (!IsA(node, Var))
        return compat::WalkExpression(node, Renumber, context);
    Var *var = reinterpret_cast<Var *>(node);
    if (static_cast<Index>(var->varno) != renumbering->varno || var->varlevelsup != 0)
        return false;
    var->varno = 1;
    compat::ClearNullingRels(var);
    if (renumbering->columns != nullptr && var->varattno > 0)
    {
        var->varattno = var->varattno <= renumbering->column_count ? renumbering->columns[var->varattno - 1] : 0;
        renumbering->failed = renumbering->failed || var->varattno == 0;
    }
    var->varnosyn = 1;
    var->varattnosyn = var->varattno;
    return false;
}

} // namespace

Node *MutateAroundKeyword(Node *node, Node *(*mutate)(Node *node, void *context), void *context)
{
    const int keyword = KeywordOf(node);
    if (keyword < 0 || keyword >= list_length(reinterpret_cast<FuncExpr *>(node)->args))
        return nullptr; /* NORMALIZE(x) gets its default from the planner */
    auto *call = static_cast<FuncExpr *>(copyObjectImpl(node));
    if (!IsA(static_cast<Node *>(list_nth(call->args, keyword)), Const))
        call->funcformat = COERCE_EXPLICIT_CALL;
    ListCell *cell;
    foreach (cell, call->args)
        if (foreach_current_index(cell) != keyword)
            lfirst(cell) = mutate(static_cast<Node *>(lfirst(cell)), context);
    return reinterpret_cast<Node *>(call);
}

Node *OwnVars(Node *expression, Index varno, const AttrNumber *columns, int column_count)
{
    Node *copy = static_cast<Node *>(copyObjectImpl(expression));
    Renumbering renumbering = {varno, columns, column_count, false};
    Renumber(copy, &renumbering);
    return renumbering.failed ? nullptr : copy;
}

char *NodeText(Node *expression, Index varno)
{
    Node *copy = OwnVars(expression, varno, nullptr, 0);
    fix_opfuncids(copy);
    NormaliseNode(copy);
    return nodeToString(copy);
}

char *KeyText(Oid relation, Node *expression)
{
    char *text = Deparse(relation, expression, true);
    return LooksLikeFunction(expression) || ComesInParentheses(expression) ? text : psprintf("(%s)", text);
}

char *ConditionText(Oid relation, Node *condition)
{
    char *text = Deparse(relation, condition, false);
    const size_t length = strlen(text);
    if (!ComesInParentheses(condition) || length < 2 || text[0] != '(' || text[length - 1] != ')')
        return text;
    return pnstrdup(text + 1, length - 2);
}

AttrNumber *MapColumns(Oid from, Oid to, int *count)
{
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(from));
    *count = HeapTupleIsValid(tuple) ? reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relnatts : 0;
    if (HeapTupleIsValid(tuple))
        ReleaseSysCache(tuple);

    AttrNumber *columns = static_cast<AttrNumber *>(palloc0(sizeof(AttrNumber) * (*count + 1)));
    for (int i = 0; i < *count; i++)
    {
        const char *name = get_attname(from, static_cast<AttrNumber>(i + 1), true);
        if (name != nullptr)
            columns[i] = get_attnum(to, name);
    }
    return columns;
}

Oid TopParent(Oid relation)
{
    if (!get_rel_relispartition(relation))
        return relation;
    List *ancestors = get_partition_ancestors(relation);
    return ancestors == NIL ? relation : llast_oid(ancestors);
}

Oid BtreeFamily(Oid type)
{
    if (!OidIsValid(type))
        return InvalidOid;
    const TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY | TYPECACHE_CMP_PROC);
    /* cmp_proc is missing for arrays and rows of things that cannot be compared */
    if (!OidIsValid(entry->btree_opf) || !OidIsValid(entry->cmp_proc))
        return InvalidOid;
    return get_typtype(getBaseType(type)) == TYPTYPE_PSEUDO ? InvalidOid : entry->btree_opf;
}

String NodeString(Node *expression, Index varno)
{
    const char *text = CallPg([&] { return NodeText(expression, varno); });
    return String(text);
}

String DeparseFor(Oid relation, Node *expression)
{
    const char *text = CallPg([&] { return KeyText(relation, expression); });
    return String(text);
}

String ConditionFor(Oid relation, Node *condition)
{
    const char *text = CallPg([&] { return ConditionText(relation, condition); });
    return String(text);
}

} // namespace pg_advisor::whatif
