/*
 * Which single comparisons a B-tree index could serve. Runs inside the planner: see collected.hpp.
 *
 * The rules are those of the planner's own indxpath.c for a default index: an operator of the key type's
 * default family, the key's own collation, and a partner that does not change while the index is scanned.
 */
#include "whatif/clause_patterns.hpp"
#include "whatif/collected.hpp"
#include "whatif/nodes.hpp"
#include "whatif/other_methods.hpp"

namespace pg_advisor::whatif
{

namespace
{

bool StaysConstant(const IndexTarget &target, Node *partner)
{
    return !bms_is_member(static_cast<int>(target.rel->relid), pull_varnos(target.root, partner)) &&
           !contain_volatile_functions(partner);
}

FoundClause *Append(ClauseSink *sink, const FoundKey &key, ClauseKind kind)
{
    FoundClause *clause = static_cast<FoundClause *>(palloc0(sizeof(FoundClause)));
    clause->key = key;
    clause->kind = kind;
    clause->outer = OuterOf(*sink->target, sink->clause);
    clause->in_or = sink->in_or;
    clause->source = sink->source;
    clause->selectivity = clause_selectivity(sink->target->root, sink->source,
                                             static_cast<int>(sink->target->rel->relid), JOIN_INNER, nullptr);
    sink->found = lappend(sink->found, clause);
    return clause;
}

/* Makes the condition a predicate of the fact: it holds Vars of this relation and constants only. */
void AddPredicate(const ClauseSink *sink, FoundClause *clause, Node *condition)
{
    const IndexTarget &target = *sink->target;
    if (clause->key.column == 0 || contain_mutable_functions(condition))
        return;
    Node *own = OwnVars(condition, target.rel->relid, target.columns, target.column_count);
    if (own == nullptr)
        return;
    clause->predicate = ConditionText(target.relation, own);
    clause->predicate_node = NodeText(own, 1);
}

bool IsLiteral(const Node *node)
{
    return IsA(node, Const) && !reinterpret_cast<const Const *>(node)->constisnull;
}

/* Operators that no default B-tree knows: patterns with a fixed beginning, networks, and what other access
 * methods search for. */
int ExamineOther(ClauseSink *sink, FoundKey *key, Oid op, Oid collation, Node *partner)
{
    const PatternPrefix prefix = OidIsValid(key->family) ? PrefixOf(op, collation, partner) : PatternPrefix::None;
    /* which part of the pattern is fixed only a value tells, but the key is the statement's own */
    if (OidIsValid(key->family) && IsPatternMatch(op) && !IsLiteral(partner))
        Append(sink, *key, ClauseKind::NotNull);
    const bool network = op == OID_INET_SUB_OP || op == OID_INET_SUBEQ_OP;
    if (prefix == PatternPrefix::Some && OidIsValid(key->collation) && !SortsBytewise(key->collation))
    {
        key->opclass = PatternClass(key->type);
        if (!OidIsValid(key->opclass))
            return 0;
    }
    if (prefix != PatternPrefix::None || (network && IsLiteral(partner)))
    {
        Append(sink, *key, prefix == PatternPrefix::Whole ? ClauseKind::Equality : ClauseKind::Range);
        return 1;
    }
    if (OidIsValid(key->collation) && key->collation != collation)
        return 0;
    OtherMethod methods[kMostOtherClasses];
    const int count = OtherMethods(op, key->type, AMOP_SEARCH, methods, kMostOtherClasses);
    for (int i = 0; i < count; i++)
    {
        key->opclass = methods[i].opclass;
        Append(sink, *key, ClauseKind::Search)->access_method = methods[i].name;
    }
    return count > 0 ? 1 : 0;
}

/* `operand operator partner`, the operand being the key; 0 facts where an index cannot serve it. */
int ExamineComparison(ClauseSink *sink, Node *operand, Oid op, Oid collation, Node *partner)
{
    const IndexTarget &target = *sink->target;
    FoundKey key;
    if (!OidIsValid(op) || !StaysConstant(target, partner) || !FindAnyKey(target, operand, &key))
        return 0;

    Node *condition = reinterpret_cast<Node *>(
        make_opclause(op, BOOLOID, false, reinterpret_cast<Expr *>(operand), reinterpret_cast<Expr *>(partner),
                      InvalidOid, collation));
    const int strategy = OidIsValid(key.family) ? get_op_opfamily_strategy(op, key.family) : 0;
    if (strategy == 0)
    {
        const Oid negator = get_negator(op);
        if (!sink->in_or && IsLiteral(partner) && OidIsValid(negator) && OidIsValid(key.family) &&
            get_op_opfamily_strategy(negator, key.family) == BTEqualStrategyNumber)
        {
            AddPredicate(sink, Append(sink, key, ClauseKind::NotEqual), condition);
            return 0; /* noted, but not a way into an index */
        }
        return ExamineOther(sink, &key, op, collation, partner);
    }
    if (OidIsValid(key.collation) && !AskCollation(&key, collation))
        return 0;
    FoundClause *clause =
        Append(sink, key, strategy == BTEqualStrategyNumber ? ClauseKind::Equality : ClauseKind::Range);
    if (clause->kind == ClauseKind::Equality && IsLiteral(partner))
        AddPredicate(sink, clause, condition);
    return 1;
}

int ExamineOperator(ClauseSink *sink, const OpExpr *expression)
{
    if (list_length(expression->args) != 2)
        return 0;
    Node *left = static_cast<Node *>(linitial(expression->args));
    Node *right = static_cast<Node *>(lsecond(expression->args));
    const int found = ExamineComparison(sink, left, expression->opno, expression->inputcollid, right);
    return found + ExamineComparison(sink, right, get_commutator(expression->opno), expression->inputcollid, left);
}

int ExamineList(ClauseSink *sink, const ScalarArrayOpExpr *expression)
{
    Node *operand = static_cast<Node *>(linitial(expression->args));
    Node *list = static_cast<Node *>(lsecond(expression->args));
    FoundKey key;
    if (!expression->useOr || !StaysConstant(*sink->target, list) || !FindKey(*sink->target, operand, &key) ||
        (OidIsValid(key.collation) && !AskCollation(&key, expression->inputcollid)))
        return 0;
    const int strategy = get_op_opfamily_strategy(expression->opno, key.family);
    if (strategy == 0)
        return 0;
    FoundClause *clause =
        Append(sink, key, strategy == BTEqualStrategyNumber ? ClauseKind::Equality : ClauseKind::Range);
    if (clause->kind == ClauseKind::Equality && IsLiteral(list))
        AddPredicate(sink, clause, sink->clause);
    return 1;
}

/* (a, b) < (x, y): a range on the first column; the further ones only refine it, as part of one index. */
int ExamineRows(ClauseSink *sink, const RowCompareExpr *expression)
{
    int found = 0;
    ListCell *left_cell, *right_cell, *op_cell, *collation_cell;
    forfour(left_cell, expression->largs, right_cell, expression->rargs, op_cell, expression->opnos, collation_cell,
            expression->inputcollids)
    {
        Node *left = static_cast<Node *>(lfirst(left_cell));
        Node *right = static_cast<Node *>(lfirst(right_cell));
        const int before = list_length(sink->found);
        int added = ExamineComparison(sink, left, lfirst_oid(op_cell), lfirst_oid(collation_cell), right);
        if (added == 0)
            added = ExamineComparison(sink, right, get_commutator(lfirst_oid(op_cell)), lfirst_oid(collation_cell), left);
        if (added == 0)
            break;
        if (found > 0)
        {
            FoundClause *further = static_cast<FoundClause *>(list_nth(sink->found, before));
            further->selectivity = 1;
            further->source = nullptr;
        }
        found += added;
    }
    return found;
}

int ExamineNullTest(ClauseSink *sink, const NullTest *test)
{
    FoundKey key;
    if (test->argisrow || !FindKey(*sink->target, reinterpret_cast<Node *>(test->arg), &key))
        return 0;
    const bool is_null = test->nulltesttype == IS_NULL;
    if (!is_null && sink->in_or)
        return 0;
    AddPredicate(sink, Append(sink, key, is_null ? ClauseKind::IsNull : ClauseKind::NotNull), sink->clause);
    return is_null ? 1 : 0;
}

/* flag, NOT flag, flag IS TRUE, flag IS FALSE */
int ExamineBoolean(ClauseSink *sink, Node *operand)
{
    FoundKey key;
    if (!IsA(operand, Var) || exprType(operand) != BOOLOID || !FindKey(*sink->target, operand, &key))
        return 0;
    AddPredicate(sink, Append(sink, key, ClauseKind::Equality), sink->clause);
    return 1;
}

} // namespace

uint64 OuterOf(const IndexTarget &target, Node *clause)
{
    Relids others = bms_int_members(pull_varnos(target.root, clause), target.root->all_baserels);
    others = bms_del_member(others, static_cast<int>(target.rel->relid));
    uint64 bits = 0;
    int number = -1;
    while ((number = bms_next_member(others, number)) >= 0)
        bits |= UINT64CONST(1) << std::min(number - 1, 63);
    return bits;
}

int ExamineClause(ClauseSink *sink, Node *clause, Node *source)
{
    sink->clause = clause;
    sink->source = source;
    switch (nodeTag(clause))
    {
    case T_OpExpr:
        return ExamineOperator(sink, reinterpret_cast<OpExpr *>(clause));
    case T_ScalarArrayOpExpr:
        return ExamineList(sink, reinterpret_cast<ScalarArrayOpExpr *>(clause));
    case T_RowCompareExpr:
        return ExamineRows(sink, reinterpret_cast<RowCompareExpr *>(clause));
    case T_NullTest:
        return ExamineNullTest(sink, reinterpret_cast<NullTest *>(clause));
    case T_Var:
        return ExamineBoolean(sink, clause);
    case T_BooleanTest:
    {
        const BooleanTest *test = reinterpret_cast<BooleanTest *>(clause);
        if (test->booltesttype != IS_TRUE && test->booltesttype != IS_FALSE)
            return 0;
        return ExamineBoolean(sink, reinterpret_cast<Node *>(test->arg));
    }
    case T_BoolExpr:
        if (!is_notclause(clause))
            return 0;
        return ExamineBoolean(sink, static_cast<Node *>(linitial(reinterpret_cast<BoolExpr *>(clause)->args)));
    default:
        return 0;
    }
}

} // namespace pg_advisor::whatif
