/*
 * Makes expressions that equal() takes for equal have the same node string: see nodes.hpp.
 */
#include "whatif/nodes.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* Everything that equal() ignores, so that the strings of equal expressions are equal. */
bool Normalise(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    switch (nodeTag(node))
    {
    case T_Var:
    {
        Var *var = reinterpret_cast<Var *>(node);
        var->location = -1;
        var->varnosyn = var->varno;
        var->varattnosyn = var->varattno;
        compat::ClearNullingRels(var);
        return false;
    }
    case T_Const:
        reinterpret_cast<Const *>(node)->location = -1;
        return false;
    case T_FuncExpr:
        reinterpret_cast<FuncExpr *>(node)->location = -1;
        reinterpret_cast<FuncExpr *>(node)->funcformat = COERCE_EXPLICIT_CALL;
        break;
    case T_NamedArgExpr:
        reinterpret_cast<NamedArgExpr *>(node)->location = -1;
        break;
    case T_OpExpr:
    case T_DistinctExpr:
    case T_NullIfExpr:
        reinterpret_cast<OpExpr *>(node)->location = -1;
        break;
    case T_ScalarArrayOpExpr:
        reinterpret_cast<ScalarArrayOpExpr *>(node)->location = -1;
        break;
    case T_BoolExpr:
        reinterpret_cast<BoolExpr *>(node)->location = -1;
        break;
    case T_RelabelType:
        reinterpret_cast<RelabelType *>(node)->location = -1;
        reinterpret_cast<RelabelType *>(node)->relabelformat = COERCE_EXPLICIT_CAST;
        break;
    case T_CoerceViaIO:
        reinterpret_cast<CoerceViaIO *>(node)->location = -1;
        reinterpret_cast<CoerceViaIO *>(node)->coerceformat = COERCE_EXPLICIT_CAST;
        break;
    case T_ArrayCoerceExpr:
        reinterpret_cast<ArrayCoerceExpr *>(node)->location = -1;
        reinterpret_cast<ArrayCoerceExpr *>(node)->coerceformat = COERCE_EXPLICIT_CAST;
        break;
    case T_ConvertRowtypeExpr:
        reinterpret_cast<ConvertRowtypeExpr *>(node)->location = -1;
        reinterpret_cast<ConvertRowtypeExpr *>(node)->convertformat = COERCE_EXPLICIT_CAST;
        break;
    case T_CoerceToDomain:
        reinterpret_cast<CoerceToDomain *>(node)->location = -1;
        reinterpret_cast<CoerceToDomain *>(node)->coercionformat = COERCE_EXPLICIT_CAST;
        break;
    case T_CollateExpr:
        reinterpret_cast<CollateExpr *>(node)->location = -1;
        break;
    case T_CaseExpr:
        reinterpret_cast<CaseExpr *>(node)->location = -1;
        break;
    case T_CaseWhen:
        reinterpret_cast<CaseWhen *>(node)->location = -1;
        break;
    case T_ArrayExpr:
        reinterpret_cast<ArrayExpr *>(node)->location = -1;
        break;
    case T_RowExpr:
        reinterpret_cast<RowExpr *>(node)->location = -1;
        break;
    case T_CoalesceExpr:
        reinterpret_cast<CoalesceExpr *>(node)->location = -1;
        break;
    case T_MinMaxExpr:
        reinterpret_cast<MinMaxExpr *>(node)->location = -1;
        break;
    case T_XmlExpr:
        reinterpret_cast<XmlExpr *>(node)->location = -1;
        break;
    case T_NullTest:
        reinterpret_cast<NullTest *>(node)->location = -1;
        break;
    case T_BooleanTest:
        reinterpret_cast<BooleanTest *>(node)->location = -1;
        break;
    default:
        break;
    }
    return compat::WalkExpression(node, Normalise, context);
}

} // namespace

void NormaliseNode(Node *expression)
{
    Normalise(expression, nullptr);
}

} // namespace pg_advisor::whatif
