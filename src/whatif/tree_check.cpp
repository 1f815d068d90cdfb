/*
 * The check of tree_check.hpp. C-style: it runs below the guards and may ereport
 * anywhere.
 */
#include "whatif/tree_check.hpp"


namespace pg_advisor::whatif
{

namespace
{

/* The query levels around a node, innermost first: Var.varlevelsup counts along it. */
struct Level
{
    const Query *query;
    const Level *outer;
};

bool Walk(Node *node, void *context);

const char *RecordedName(const RangeTblEntry *rte)
{
    if (const char *name = get_rel_name(rte->relid))
        return name;
    return rte->eref != nullptr && rte->eref->aliasname != nullptr ? rte->eref->aliasname : "?";
}

const char *RecordedColumn(const RangeTblEntry *rte, int number)
{
    if (rte->eref == nullptr || number < 1 || number > list_length(rte->eref->colnames))
        return "?";
    return static_cast<const ::String *>(list_nth(rte->eref->colnames, number - 1))->sval;
}

[[noreturn]] void RaiseColumn(const RangeTblEntry *rte, int number, int sqlstate, const char *what)
{
    ereport(ERROR, (errcode(sqlstate), errmsg("column \"%s\" of relation \"%s\" was %s since the statement was recorded",
                                              RecordedColumn(rte, number), RecordedName(rte), what)));
    pg_unreachable();
}

void CheckRelation(const RangeTblEntry *rte)
{
    if (!ConditionalLockRelationOid(rte->relid, AccessShareLock))
        ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                        errmsg("could not lock relation \"%s\" at once", RecordedName(rte))));
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(rte->relid));
    if (!HeapTupleIsValid(tuple) && rte->relkind == RELKIND_VIEW) /* only known as "old" by then */
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
                        errmsg("a view was dropped since the statement was recorded")));
    if (!HeapTupleIsValid(tuple))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
                        errmsg("relation \"%s\" was dropped since the statement was recorded", RecordedName(rte))));
    const char kind = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relkind;
    ReleaseSysCache(tuple);

    /* EXCLUDED of ON CONFLICT is a table dressed up as a composite type. */
    if (kind != rte->relkind && rte->relkind != RELKIND_COMPOSITE_TYPE)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
                        errmsg("relation \"%s\" was altered to another kind since the statement was recorded",
                               RecordedName(rte))));
}

void CheckColumn(const RangeTblEntry *rte, int number, Oid type, int32 typmod, Oid collation, bool with_details)
{
    HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(rte->relid), Int16GetDatum(static_cast<int16>(number)));
    if (!HeapTupleIsValid(tuple))
        RaiseColumn(rte, number, ERRCODE_UNDEFINED_COLUMN, "dropped");
    const FormData_pg_attribute column = *reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
    ReleaseSysCache(tuple);
    if (column.attisdropped)
        RaiseColumn(rte, number, ERRCODE_UNDEFINED_COLUMN, "dropped");
    if (column.atttypid != type ||
        (with_details && (column.atttypmod != typmod || column.attcollation != collation)))
        RaiseColumn(rte, number, ERRCODE_DATATYPE_MISMATCH, "altered");
}

void CheckVar(const Var *var, const Level *level)
{
    for (Index up = var->varlevelsup; up > 0 && level != nullptr; up--)
        level = level->outer;
    const int number = static_cast<int>(var->varno);
    if (level == nullptr || number < 1 || number > list_length(level->query->rtable) || var->varattno <= 0)
        return;
    const RangeTblEntry *rte = rt_fetch(number, level->query->rtable);
    if (rte->rtekind == RTE_RELATION)
        CheckColumn(rte, var->varattno, var->vartype, var->vartypmod, var->varcollid, true);
}

/* The columns an INSERT or UPDATE assigns. */
void CheckTargets(const Query *query, const List *targets)
{
    if (query->resultRelation < 1 || query->resultRelation > list_length(query->rtable))
        return;
    const RangeTblEntry *rte = rt_fetch(query->resultRelation, query->rtable);
    if (rte->rtekind != RTE_RELATION)
        return;
    const ListCell *cell;
    foreach (cell, targets)
    {
        const TargetEntry *target = lfirst_node(TargetEntry, cell);
        if (!target->resjunk)
            CheckColumn(rte, target->resno, exprType(reinterpret_cast<Node *>(target->expr)), -1, InvalidOid, false);
    }
}

void CheckLevel(const Query *query, const Level *outer)
{
    check_stack_depth();
    ListCell *cell;
    foreach (cell, query->rtable)
    {
        const RangeTblEntry *rte = lfirst_node(RangeTblEntry, cell);
        if (rte->rtekind == RTE_RELATION)
            CheckRelation(rte);
    }
    if (query->commandType == CMD_INSERT || query->commandType == CMD_UPDATE)
        CheckTargets(query, query->targetList);
    if (query->onConflict != nullptr)
        CheckTargets(query, query->onConflict->onConflictSet);
    foreach (cell, query->mergeActionList)
    {
        const MergeAction *action = lfirst_node(MergeAction, cell);
        if (action->commandType == CMD_INSERT || action->commandType == CMD_UPDATE)
            CheckTargets(query, action->targetList);
    }

    Level level = {query, outer};
    compat::WalkQuery(const_cast<Query *>(query), Walk, &level, 0);
}

/* Of an operator too; dropped, it would make the planner fail with an internal error. */
bool CheckFunction(Oid function, void *context)
{
    (void)context;
    if (!SearchSysCacheExists1(PROCOID, ObjectIdGetDatum(function)))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
                        errmsg("a function or operator was dropped since the statement was recorded")));
    return false;
}

bool Walk(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    const Level *level = static_cast<const Level *>(context);
    if (IsA(node, Query))
    {
        CheckLevel(reinterpret_cast<const Query *>(node), level);
        return false;
    }
    if (IsA(node, Var))
    {
        CheckVar(reinterpret_cast<const Var *>(node), level);
        return false;
    }
    check_functions_in_node(node, CheckFunction, nullptr);
    return compat::WalkExpression(node, Walk, context);
}

} // namespace

void VerifyTree(const Query *query)
{
    if (query->commandType != CMD_UTILITY)
        CheckLevel(query, nullptr);
}

} // namespace pg_advisor::whatif
