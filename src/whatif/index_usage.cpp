/*
 * From EXPLAIN (FORMAT json) to a line of text: see index_usage.hpp.
 *
 * Names and conditions are found in the plan by their keys, so that nothing a user wrote into a constant or a name
 * is taken for a part of the plan.
 */
#include "whatif/index_usage.hpp"

#include "whatif/nodes.hpp"
#include "whatif/plan_reader.hpp"

namespace pg_advisor::whatif
{

namespace
{

constexpr char kMark = '\1';
constexpr int kLongestCondition = 500; /* a list of a thousand values says no more than its beginning */

struct Values
{
    ParamListInfo params;
    int unknown; /* number for what is none of them: it was computed of one, or is the statement's own */
};

bool IsValue(const Const *constant, const ParamExternData *param)
{
    if (param->isnull || param->ptype != constant->consttype)
        return false;
    return datumIsEqual(constant->constvalue, param->value, constant->constbyval, constant->constlen);
}

int NumberOf(Values *values, const Const *constant)
{
    for (int i = 0; i < values->params->numParams; ++i)
        if (IsValue(constant, &values->params->params[i]))
            return i + 1;
    return ++values->unknown;
}

Node *Hide(Node *node, void *context)
{
    if (node == nullptr)
        return nullptr;
    if (Node *kept = MutateAroundKeyword(node, Hide, context))
        return kept;
    if (!IsA(node, Const) || reinterpret_cast<Const *>(node)->constisnull)
        return compat::MutateExpression(node, Hide, context);
    const auto *constant = reinterpret_cast<Const *>(node);
    Param *param = makeNode(Param);
    param->paramkind = PARAM_EXTERN;
    param->paramid = NumberOf(static_cast<Values *>(context), constant);
    param->paramtype = constant->consttype;
    param->paramtypmod = constant->consttypmod;
    param->paramcollid = constant->constcollid;
    param->location = -1;
    return reinterpret_cast<Node *>(param);
}

void HideIn(List **clauses, void *values)
{
    *clauses = reinterpret_cast<List *>(Hide(reinterpret_cast<Node *>(*clauses), values));
}

/* The lists that EXPLAIN shows. */
void HideInScan(Plan *plan, void *values)
{
    switch (nodeTag(plan))
    {
    case T_IndexScan:
        HideIn(&reinterpret_cast<IndexScan *>(plan)->indexqualorig, values);
        HideIn(&reinterpret_cast<IndexScan *>(plan)->indexorderbyorig, values);
        break;
    case T_IndexOnlyScan:
        HideIn(&reinterpret_cast<IndexOnlyScan *>(plan)->indexqual, values);
        HideIn(&reinterpret_cast<IndexOnlyScan *>(plan)->indexorderby, values);
        break;
    case T_BitmapIndexScan:
        HideIn(&reinterpret_cast<BitmapIndexScan *>(plan)->indexqualorig, values);
        break;
    default:
        break;
    }
}

JsonbValue *Field(JsonbContainer *node, const char *key)
{
    return getKeyJsonValueFromContainer(node, key, static_cast<int>(strlen(key)), nullptr);
}

char *TextOf(JsonbContainer *node, const char *key)
{
    const JsonbValue *value = Field(node, key);
    return value != nullptr && value->type == jbvString ? pnstrdup(value->val.string.val, value->val.string.len) : nullptr;
}

void AppendCondition(StringInfo use, JsonbContainer *scan, const char *key, const char *before)
{
    const char *condition = TextOf(scan, key);
    if (condition == nullptr)
        return;
    const auto length = static_cast<int>(strlen(condition));
    const int shown = pg_mbcliplen(condition, length, kLongestCondition);
    appendStringInfo(use, "%s%s: %.*s%s", before, key, shown, condition, shown < length ? "..." : "");
}

char *Describe(JsonbContainer *scan, const char *index)
{
    const char *type = TextOf(scan, "Node Type");
    const char *direction = TextOf(scan, "Scan Direction");
    const JsonbValue *parallel = Field(scan, "Parallel Aware");
    StringInfoData use;
    initStringInfo(&use);
    if (parallel != nullptr && parallel->type == jbvBool && parallel->val.boolean)
        appendStringInfoString(&use, "Parallel ");
    appendStringInfoString(&use, type);
    if (direction != nullptr && strcmp(direction, "Backward") == 0)
        appendStringInfoString(&use, " Backward");
    appendStringInfo(&use, " %s %s", strcmp(type, "Bitmap Index Scan") == 0 ? "on" : "using", quote_identifier(index));
    const int bare = use.len;
    AppendCondition(&use, scan, "Index Cond", ": ");
    AppendCondition(&use, scan, "Order By", use.len == bare ? ": " : ", ");
    return use.data;
}

void Add(List **uses, char *use)
{
    ListCell *cell;
    foreach (cell, *uses)
        if (strcmp(static_cast<char *>(lfirst(cell)), use) == 0)
            return;
    *uses = lappend(*uses, use);
}

void Visit(JsonbContainer *node, List **uses)
{
    check_stack_depth();
    const char *index = TextOf(node, "Index Name");
    if (index != nullptr && index[0] == kMark)
        Add(uses, Describe(node, index + 1));
    const JsonbValue *children = Field(node, "Plans");
    if (children == nullptr)
        return;
    JsonbContainer *array = children->val.binary.data;
    for (uint32 i = 0; i < JsonContainerSize(array); ++i)
        Visit(getIthJsonbValueFromContainer(array, i)->val.binary.data, uses);
}

} // namespace

const char *MarkedName(const char *name)
{
    return psprintf("%c%s", kMark, name != nullptr ? name : "?");
}

void HideValues(PlannedStmt *statement, ParamListInfo params)
{
    if (params == nullptr)
        return;
    Values values{params, params->numParams};
    ListCell *cell;
    ForEachNode(statement->planTree, HideInScan, &values);
    foreach (cell, statement->subplans)
        ForEachNode(static_cast<Plan *>(lfirst(cell)), HideInScan, &values);
}

char *ReadUsage(const char *json)
{
    Jsonb *plans = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(json)));
    JsonbContainer *first = getIthJsonbValueFromContainer(&plans->root, 0)->val.binary.data;
    List *uses = NIL;
    Visit(Field(first, "Plan")->val.binary.data, &uses);

    StringInfoData text;
    ListCell *cell;
    initStringInfo(&text);
    foreach (cell, uses)
        appendStringInfo(&text, "%s%s", text.len > 0 ? "; " : "", static_cast<char *>(lfirst(cell)));
    return text.data;
}

} // namespace pg_advisor::whatif
