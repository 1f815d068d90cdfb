/*
 * Which expressions may be evaluated, and which need not be: see expression_sample.hpp.
 */
#include "whatif/expression_sample.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* Of initdb's first step: what is written in C and belongs to the server. */
bool IsBuiltIn(Oid object)
{
    return object < FirstGenbkiObjectId;
}

bool IsNoPlainFunction(Oid function, void *)
{
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple))
        return true;
    const auto *form = reinterpret_cast<Form_pg_proc>(GETSTRUCT(tuple));
    const bool plain = IsBuiltIn(function) && form->pronamespace == PG_CATALOG_NAMESPACE &&
                       form->prolang == INTERNALlanguageId && form->provolatile == PROVOLATILE_IMMUTABLE &&
                       !form->proretset && !form->prosecdef;
    ReleaseSysCache(tuple);
    return !plain;
}

/* Other types may run code of their own when they are compared, converted or printed. */
bool IsForeignType(Oid type)
{
    return !IsBuiltIn(getBaseType(type));
}

bool IsHarmful(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    check_stack_depth();
    switch (nodeTag(node))
    {
    case T_List:
    case T_CaseWhen:
        return compat::WalkExpression(node, IsHarmful, context);
    case T_Var:
        return reinterpret_cast<Var *>(node)->varattno <= 0 || IsForeignType(reinterpret_cast<Var *>(node)->vartype);
    case T_Const:
    case T_FuncExpr:
    case T_OpExpr:
    case T_DistinctExpr:
    case T_NullIfExpr:
    case T_ScalarArrayOpExpr:
    case T_BoolExpr:
    case T_NullTest:
    case T_BooleanTest:
    case T_RelabelType:
    case T_CoerceViaIO:
    case T_CollateExpr:
    case T_CaseExpr:
    case T_CaseTestExpr:
    case T_CoalesceExpr:
    case T_MinMaxExpr:
        return IsForeignType(exprType(node)) || check_functions_in_node(node, IsNoPlainFunction, context) ||
               compat::WalkExpression(node, IsHarmful, context);
    default:
        return true;
    }
}

bool HasStatisticsRow(Oid relation, AttrNumber column)
{
    return SearchSysCacheExists3(STATRELATTINH, ObjectIdGetDatum(relation), Int16GetDatum(column), BoolGetDatum(false));
}

bool IndexHasStatistics(Oid index, Node *expression)
{
    if (!ConditionalLockRelationOid(index, AccessShareLock))
        return false;
    Relation relation = try_relation_open(index, NoLock);
    if (relation == nullptr)
        return false;
    List *expressions = RelationGetIndexPredicate(relation) == NIL ? RelationGetIndexExpressions(relation) : NIL;
    int next = 0;
    bool found = false;
    for (int i = 0; i < relation->rd_index->indnatts && next < list_length(expressions); ++i)
        if (relation->rd_index->indkey.values[i] == 0 && equal(list_nth(expressions, next++), expression))
            found = found || HasStatisticsRow(index, static_cast<AttrNumber>(i + 1));
    relation_close(relation, NoLock);
    return found;
}

/* Whether CREATE STATISTICS was given the expression, and ANALYZE came since. */
bool ObjectHasStatistics(Oid object, bool inherited, Node *expression)
{
    bool missing = true, found = false;
    HeapTuple tuple = SearchSysCache1(STATEXTOID, ObjectIdGetDatum(object));
    if (!HeapTupleIsValid(tuple))
        return false;
    const Datum expressions = SysCacheGetAttr(STATEXTOID, tuple, Anum_pg_statistic_ext_stxexprs, &missing);
    if (!missing)
    {
        Node *list = eval_const_expressions(nullptr, static_cast<Node *>(stringToNode(TextDatumGetCString(expressions))));
        fix_opfuncids(list);
        found = list_member(reinterpret_cast<List *>(list), expression);
    }
    ReleaseSysCache(tuple);
    if (!found)
        return false;
    tuple = SearchSysCache2(STATEXTDATASTXOID, ObjectIdGetDatum(object), BoolGetDatum(inherited));
    if (!HeapTupleIsValid(tuple))
        return false;
    found = statext_is_kind_built(tuple, STATS_EXT_EXPRESSIONS);
    ReleaseSysCache(tuple);
    return found;
}

} // namespace

bool HasStatistics(Oid oid, Node *expression)
{
    Relation relation = table_open(oid, NoLock);
    const bool partitioned = relation->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
    bool found = false;
    ListCell *cell;
    Oid user;
    int security;
    /* What is there is folded as the owner, who chose it; the sandbox restores the user after an error. */
    GetUserIdAndSecContext(&user, &security);
    SetUserIdAndSecContext(relation->rd_rel->relowner,
                           security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
    foreach (cell, RelationGetStatExtList(relation))
        found = found || ObjectHasStatistics(lfirst_oid(cell), partitioned, expression);
    /* those of a partitioned table's index belong to its parts */
    if (!found && !partitioned)
        foreach (cell, RelationGetIndexList(relation))
            found = found || IndexHasStatistics(lfirst_oid(cell), expression);
    SetUserIdAndSecContext(user, security);
    table_close(relation, NoLock);
    return found;
}

bool IsHarmless(Node *expression)
{
    return !IsHarmful(expression, nullptr) && !contain_mutable_functions(expression);
}

bool MayRead(Oid relation, Oid reader, const List *columns)
{
    if (check_enable_rls(relation, reader, true) == RLS_ENABLED)
        return false;
    if (pg_class_aclcheck(relation, reader, ACL_SELECT) == ACLCHECK_OK)
        return true;
    const ListCell *cell;
    foreach (cell, columns)
        if (pg_attribute_aclcheck(relation, static_cast<AttrNumber>(lfirst_int(cell)), reader, ACL_SELECT) != ACLCHECK_OK)
            return false;
    return true;
}

bool MayRead(Oid relation, Node *expression)
{
    List *columns = NIL;
    ListCell *cell;
    foreach (cell, pull_var_clause(expression, 0))
        columns = lappend_int(columns, static_cast<Var *>(lfirst(cell))->varattno);
    return MayRead(relation, GetUserId(), columns);
}

} // namespace pg_advisor::whatif
