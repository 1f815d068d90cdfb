/*
 * See column_usage.hpp. The walk below the guard has plain locals only.
 */
#include "workload/column_usage.hpp"

#include "boundary/guard.hpp"
#include "whatif/nodes.hpp"
#include "workload/workload.hpp"

namespace pg_advisor
{

namespace
{

/* A query and those around it. */
struct Level
{
    const Query *query;
    const Level *outer;
};

struct Walk
{
    List **uses; /* of ColumnUse */
    ParamListInfo params;
    const Level *level;
};

struct Column
{
    Oid relation;
    AttrNumber number;
    const char *wrapper;
    const char *key;
};

constexpr int kDeepest = 16; /* sub-selects in sub-selects, and wrappers around a column */

/* Of this query or one around it. */
bool HasVar(Node *node, void *)
{
    return node != nullptr && (IsA(node, Var) || compat::WalkExpression(node, HasVar, nullptr));
}

bool FindColumn(Node *node, const Level *level, int depth, Column *column);

bool ResolveVar(const Var *var, const Level *level, int depth, Column *column)
{
    for (Index up = var->varlevelsup; up > 0 && level != nullptr; up--)
        level = level->outer;
    if (level == nullptr || var->varattno <= 0 || var->varno <= 0 ||
        static_cast<int>(var->varno) > list_length(level->query->rtable))
        return false;
    RangeTblEntry *rte = rt_fetch(var->varno, level->query->rtable);
    if (rte->rtekind == RTE_RELATION)
    {
        if (rte->relid < FirstNormalObjectId)
            return false;
        column->relation = whatif::TopParent(rte->relid);
        column->number = var->varattno;
        if (column->relation != rte->relid)
            column->number = get_attnum(column->relation, get_attname(rte->relid, var->varattno, false));
        return column->number > 0;
    }
    if (Node *grouped = compat::GroupedExpression(rte, var->varattno))
        return FindColumn(grouped, level, depth + 1, column);
    if (rte->rtekind == RTE_JOIN && var->varattno <= list_length(rte->joinaliasvars))
        return FindColumn(static_cast<Node *>(list_nth(rte->joinaliasvars, var->varattno - 1)), level, depth + 1, column);
    if (rte->rtekind == RTE_SUBQUERY)
    {
        const Level inner{rte->subquery, level};
        const TargetEntry *target = get_tle_by_resno(rte->subquery->targetList, var->varattno);
        return target != nullptr && FindColumn(reinterpret_cast<Node *>(target->expr), &inner, depth + 1, column);
    }
    return false;
}

const char *ConstantKey(const List *arguments)
{
    if (list_length(arguments) != 2 || !IsA(lsecond(arguments), Const))
        return nullptr;
    const auto *constant = static_cast<const Const *>(lsecond(arguments));
    if (constant->constisnull || (constant->consttype != TEXTOID && constant->consttype != INT4OID))
        return nullptr;
    return constant->consttype == TEXTOID ? TextDatumGetCString(constant->constvalue)
                                          : psprintf("%d", DatumGetInt32(constant->constvalue));
}

/* The only argument with a column, where the others are constants. */
bool FindInCall(const List *arguments, const Level *level, int depth, Column *column)
{
    bool found = false;
    ListCell *cell;
    foreach (cell, arguments)
    {
        auto *argument = static_cast<Node *>(lfirst(cell));
        if (!HasVar(argument, nullptr))
            continue;
        if (found || !FindColumn(argument, level, depth + 1, column))
            return false;
        found = true;
    }
    return found;
}

/* The one column of which the expression is made. Of several wrappers around it the innermost is kept. */
bool FindColumn(Node *node, const Level *level, int depth, Column *column)
{
    if (node == nullptr || depth > kDeepest)
        return false;
    switch (nodeTag(node))
    {
    case T_Var:
        return ResolveVar(reinterpret_cast<Var *>(node), level, depth, column);
    case T_RelabelType:
        return FindColumn(reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(node)->arg), level, depth + 1, column);
    case T_CollateExpr:
        return FindColumn(reinterpret_cast<Node *>(reinterpret_cast<CollateExpr *>(node)->arg), level, depth + 1, column);
    case T_CoerceViaIO:
    {
        if (!FindColumn(reinterpret_cast<Node *>(reinterpret_cast<CoerceViaIO *>(node)->arg), level, depth + 1, column))
            return false;
        if (column->wrapper == nullptr)
            column->wrapper = "cast";
        return true;
    }
    case T_FuncExpr:
    {
        const auto *call = reinterpret_cast<FuncExpr *>(node);
        if (!FindInCall(call->args, level, depth, column))
            return false;
        if (column->wrapper == nullptr)
        {
            const bool cast = call->funcformat == COERCE_IMPLICIT_CAST || call->funcformat == COERCE_EXPLICIT_CAST;
            column->wrapper = cast ? "cast" : get_func_name(call->funcid);
            column->key = cast ? nullptr : ConstantKey(call->args);
        }
        return true;
    }
    case T_OpExpr:
    {
        const auto *call = reinterpret_cast<OpExpr *>(node);
        if (!FindInCall(call->args, level, depth, column))
            return false;
        if (column->wrapper == nullptr)
        {
            column->wrapper = get_opname(call->opno);
            column->key = ConstantKey(call->args);
        }
        return true;
    }
    default:
        return false;
    }
}

ColumnUse *AddUse(const Walk *walk, const Column &column, const char *place)
{
    auto *use = static_cast<ColumnUse *>(palloc0(sizeof(ColumnUse)));
    use->relation = column.relation;
    use->column = column.number;
    use->wrapper = column.wrapper;
    use->key = column.key;
    use->place = place;
    *walk->uses = lappend(*walk->uses, use);
    return use;
}

/* The value that a parameter had, as a constant; else the node itself. */
Node *WithValue(const Walk *walk, Node *node)
{
    if (!IsA(node, Param) || walk->params == nullptr)
        return node;
    const auto *param = reinterpret_cast<Param *>(node);
    if (param->paramkind != PARAM_EXTERN || param->paramid <= 0 || param->paramid > walk->params->numParams)
        return node;
    const ParamExternData &value = walk->params->params[param->paramid - 1];
    if (value.isnull || value.ptype != param->paramtype)
        return node;
    int16 length;
    bool by_value;
    get_typlenbyval(value.ptype, &length, &by_value);
    return reinterpret_cast<Node *>(
        makeConst(param->paramtype, -1, param->paramcollid, length, value.value, false, by_value));
}

const char *PatternShape(const Walk *walk, const char *operator_name, Node *other)
{
    const Node *node = WithValue(walk, other);
    if (strchr(operator_name, '~') == nullptr || !IsA(node, Const))
        return nullptr;
    const auto *constant = reinterpret_cast<const Const *>(node);
    if (constant->constisnull || constant->consttype != TEXTOID)
        return nullptr;
    const char *pattern = TextDatumGetCString(constant->constvalue);
    const bool like = strstr(operator_name, "~~") != nullptr;
    if (like)
        return strpbrk(pattern, "%_") == nullptr ? "whole" : strchr("%_", pattern[0]) != nullptr ? "contains" : "prefix";
    return pattern[0] == '^' && (pattern[1] == '_' || isalnum(static_cast<unsigned char>(pattern[1]))) ? "prefix" : "contains";
}

const char *KindOf(const Node *node)
{
    if (IsA(node, Const))
        return "constant";
    if (IsA(node, Param))
        return "parameter";
    if (HasVar(const_cast<Node *>(node), nullptr) || contain_subplans(const_cast<Node *>(node)))
        return "expression";
    return contain_mutable_functions(const_cast<Node *>(node)) ? "stable" : "constant";
}

Node *StripRelabel(Node *node)
{
    while (node != nullptr && IsA(node, RelabelType))
        node = reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(node)->arg);
    return node;
}

void AddComparison(const Walk *walk, Node *side, Node *other, Oid op, Oid collation)
{
    Column column{};
    if (!FindColumn(side, walk->level, 0, &column))
        return;
    const char *name = get_opname(op);
    if (name == nullptr)
        return;
    ColumnUse *use = AddUse(walk, column, "condition");
    use->operator_name = name;
    use->op = op;
    use->collation = collation;
    use->other_type = exprType(other);
    Column partner{};
    if (FindColumn(other, walk->level, 0, &partner))
    {
        use->other = partner.wrapper == nullptr ? "column" : "expression";
        use->other_relation = partner.relation;
        use->other_column = partner.number;
        return;
    }
    Node *value = StripRelabel(other);
    use->other = KindOf(value);
    use->pattern = PatternShape(walk, name, value);
}

void AddTest(const Walk *walk, Node *argument, const char *name)
{
    Column column{};
    if (FindColumn(argument, walk->level, 0, &column))
        AddUse(walk, column, "condition")->operator_name = name;
}

/* `column = false` and its kin, which the planner makes NOT of the column, too. */
bool AddTruthTest(const Walk *walk, Oid op, Node *argument, Node *other)
{
    const bool equal = op == BooleanEqualOperator;
    if ((!equal && op != BooleanNotEqualOperator) || !IsA(argument, Var) || !IsA(other, Const))
        return false;
    const auto *constant = reinterpret_cast<Const *>(other);
    if (constant->constisnull)
        return false;
    AddTest(walk, argument, DatumGetBool(constant->constvalue) == equal ? "itself" : "not");
    return true;
}

const char *TestName(BoolTestType type)
{
    switch (type)
    {
    case IS_TRUE:
        return "is true";
    case IS_NOT_TRUE:
        return "is not true";
    case IS_FALSE:
        return "is false";
    case IS_NOT_FALSE:
        return "is not false";
    case IS_UNKNOWN:
        return "is unknown";
    default:
        return "is not unknown";
    }
}

bool WalkQuery(Query *query, const Walk *outer);

bool WalkConditions(Node *node, void *context)
{
    auto *walk = static_cast<Walk *>(context);
    if (node == nullptr)
        return false;
    switch (nodeTag(node))
    {
    case T_Query:
        return WalkQuery(reinterpret_cast<Query *>(node), walk);
    case T_OpExpr:
    case T_DistinctExpr:
    {
        const auto *call = reinterpret_cast<OpExpr *>(node);
        if (list_length(call->args) != 2 || call->opresulttype != BOOLOID)
            break;
        auto *left = static_cast<Node *>(linitial(call->args)), *right = static_cast<Node *>(lsecond(call->args));
        if (AddTruthTest(walk, call->opno, left, right) || AddTruthTest(walk, call->opno, right, left))
            break;
        AddComparison(walk, left, right, call->opno, call->inputcollid);
        const Oid commutator = get_commutator(call->opno);
        AddComparison(walk, right, left, OidIsValid(commutator) ? commutator : call->opno, call->inputcollid);
        break;
    }
    case T_ScalarArrayOpExpr:
    {
        const auto *call = reinterpret_cast<ScalarArrayOpExpr *>(node);
        AddComparison(walk, static_cast<Node *>(linitial(call->args)), static_cast<Node *>(lsecond(call->args)),
                      call->opno, call->inputcollid);
        break;
    }
    case T_NullTest:
    {
        const auto *test = reinterpret_cast<NullTest *>(node);
        AddTest(walk, reinterpret_cast<Node *>(test->arg), test->nulltesttype == IS_NULL ? "is null" : "is not null");
        break;
    }
    case T_BooleanTest:
    {
        const auto *test = reinterpret_cast<BooleanTest *>(node);
        AddTest(walk, reinterpret_cast<Node *>(test->arg), TestName(test->booltesttype));
        return false;
    }
    case T_BoolExpr:
    {
        const auto *expression = reinterpret_cast<BoolExpr *>(node);
        ListCell *cell;
        foreach (cell, expression->args)
            if (IsA(lfirst(cell), Var))
                AddTest(walk, static_cast<Node *>(lfirst(cell)), expression->boolop == NOT_EXPR ? "not" : "itself");
        break;
    }
    default:
        break;
    }
    return compat::WalkExpression(node, WalkConditions, context);
}

void AddSorted(const Walk *walk, List *clauses, const char *place)
{
    ListCell *cell;
    foreach (cell, clauses)
    {
        Column column{};
        const TargetEntry *target = get_sortgroupclause_tle(static_cast<SortGroupClause *>(lfirst(cell)),
                                                            walk->level->query->targetList);
        if (FindColumn(reinterpret_cast<Node *>(target->expr), walk->level, 0, &column))
            AddUse(walk, column, place);
    }
}

void AddTargets(const Walk *walk)
{
    const Query *query = walk->level->query;
    const bool update = query->commandType == CMD_UPDATE && query->resultRelation > 0;
    ListCell *cell;
    foreach (cell, query->targetList)
    {
        const auto *target = static_cast<TargetEntry *>(lfirst(cell));
        Column column{};
        if (update && !target->resjunk)
        {
            const Var *written = makeVar(query->resultRelation, target->resno, InvalidOid, -1, InvalidOid, 0);
            if (ResolveVar(written, walk->level, 0, &column))
                AddUse(walk, column, "set");
        }
        else if (query->commandType == CMD_SELECT && !target->resjunk &&
                 FindColumn(reinterpret_cast<Node *>(target->expr), walk->level, 0, &column))
            AddUse(walk, column, "output");
    }
}

bool WalkQuery(Query *query, const Walk *outer)
{
    check_stack_depth();
    const Level level{query, outer->level};
    Walk walk{outer->uses, outer->params, &level};
    Node *qualification = query->jointree == nullptr ? nullptr : query->jointree->quals;
    if (qualification != nullptr && IsA(qualification, Var))
        AddTest(&walk, qualification, "itself");
    AddTargets(&walk);
    AddSorted(&walk, query->sortClause, "order");
    AddSorted(&walk, query->groupClause, "group");
    return compat::WalkQuery(query, WalkConditions, &walk, 0);
}

bool Same(const char *left, const char *right)
{
    return left == nullptr || right == nullptr ? left == right : strcmp(left, right) == 0;
}

bool SameUse(const ColumnUse &left, const ColumnUse &right)
{
    return left.relation == right.relation && left.column == right.column && Same(left.place, right.place) &&
           Same(left.wrapper, right.wrapper) && Same(left.key, right.key) && left.op == right.op &&
           Same(left.operator_name, right.operator_name) && left.collation == right.collation &&
           Same(left.other, right.other) && left.other_type == right.other_type &&
           left.other_relation == right.other_relation && left.other_column == right.other_column &&
           Same(left.pattern, right.pattern);
}

void AddUses(const List *uses, StatementUses *statement)
{
    for (int i = 0; i < list_length(uses); i++)
    {
        const ColumnUse &use = *static_cast<const ColumnUse *>(list_nth(uses, i));
        if (std::none_of(statement->uses.begin(), statement->uses.end(),
                         [&](const ColumnUse &known) { return SameUse(known, use); }))
            statement->uses.push_back(use);
    }
}

} // namespace

Vector<StatementUses> ReadColumnUses()
{
    Vector<StatementUses> result;
    for (const WorkItem &item : LoadWorkload())
    {
        CheckInterrupts();
        StatementUses statement;
        statement.queryid = item.queryid.value_or(0);
        statement.calls = item.calls;
        statement.total_time = item.total_time;
        for (const whatif::PlannableQuery &query : item.queries)
        {
            List *uses = nullptr;
            CallPg([&] {
                const Walk walk{&uses, query.params, nullptr};
                (void)WalkQuery(query.tree, &walk);
            });
            AddUses(uses, &statement);
        }
        result.push_back(std::move(statement));
    }
    return result;
}

} // namespace pg_advisor
