/*
 * Which restriction and join clauses a B-tree index could serve. Runs inside the planner: see collected.hpp.
 *
 * The rules are those of the planner's own indxpath.c for a default index: an operator of the key type's
 * default family, the key's own collation, and a partner that does not change while the index is scanned.
 */
#include "whatif/clause_patterns.hpp"
#include "whatif/collected.hpp"
#include "whatif/nodes.hpp"

namespace pg_advisor::whatif
{

namespace
{

struct Sink
{
    const IndexTarget *target;
    List *found;         /* of FoundClause */
    Node *source;        /* the clause as the planner estimates it */
    Node *clause;        /* the bare clause: decides what it joins to */
    Node *whole;         /* the outermost bare clause */
    bool in_or;
};

int CountOf(Sink *sink, Node *clause, Node *source);

/* The other base relations of the clause, by range table index. */
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

bool StaysConstant(const IndexTarget &target, Node *partner)
{
    return !bms_is_member(static_cast<int>(target.rel->relid), pull_varnos(target.root, partner)) &&
           !contain_volatile_functions(partner);
}

FoundClause *Append(Sink *sink, const FoundKey &key, ClauseKind kind)
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
void AddPredicate(const Sink *sink, FoundClause *clause, Node *condition)
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

/* `operand operator partner`, the operand being the key; 0 facts where an index cannot serve it. */
int ExamineComparison(Sink *sink, Node *operand, Oid op, Oid collation, Node *partner)
{
    const IndexTarget &target = *sink->target;
    FoundKey key;
    if (!OidIsValid(op) || !StaysConstant(target, partner) || !FindKey(target, operand, &key))
        return 0;

    Node *condition = reinterpret_cast<Node *>(
        make_opclause(op, BOOLOID, false, reinterpret_cast<Expr *>(operand), reinterpret_cast<Expr *>(partner),
                      InvalidOid, collation));
    const bool own_collation = !OidIsValid(key.collation) || key.collation == collation;
    const int strategy = get_op_opfamily_strategy(op, key.family);
    if (strategy == 0)
    {
        const Oid negator = get_negator(op);
        if (!sink->in_or && IsLiteral(partner) && OidIsValid(negator) &&
            get_op_opfamily_strategy(negator, key.family) == BTEqualStrategyNumber)
        {
            AddPredicate(sink, Append(sink, key, ClauseKind::NotEqual), condition);
            return 0; /* noted, but not a way into an index */
        }
        const PatternPrefix prefix = PrefixOf(op, key, collation, partner);
        if (prefix == PatternPrefix::None)
            return 0;
        Append(sink, key, prefix == PatternPrefix::Whole ? ClauseKind::Equality : ClauseKind::Range);
        return 1;
    }
    if (!own_collation)
        return 0;
    FoundClause *clause =
        Append(sink, key, strategy == BTEqualStrategyNumber ? ClauseKind::Equality : ClauseKind::Range);
    if (clause->kind == ClauseKind::Equality && IsLiteral(partner))
        AddPredicate(sink, clause, condition);
    return 1;
}

int ExamineOperator(Sink *sink, const OpExpr *expression)
{
    if (list_length(expression->args) != 2)
        return 0;
    Node *left = static_cast<Node *>(linitial(expression->args));
    Node *right = static_cast<Node *>(lsecond(expression->args));
    const int found = ExamineComparison(sink, left, expression->opno, expression->inputcollid, right);
    return found + ExamineComparison(sink, right, get_commutator(expression->opno), expression->inputcollid, left);
}

int ExamineList(Sink *sink, const ScalarArrayOpExpr *expression)
{
    Node *operand = static_cast<Node *>(linitial(expression->args));
    Node *list = static_cast<Node *>(lsecond(expression->args));
    FoundKey key;
    if (!expression->useOr || !StaysConstant(*sink->target, list) || !FindKey(*sink->target, operand, &key) ||
        (OidIsValid(key.collation) && key.collation != expression->inputcollid))
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
int ExamineRows(Sink *sink, const RowCompareExpr *expression)
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

int ExamineNullTest(Sink *sink, const NullTest *test)
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
int ExamineBoolean(Sink *sink, Node *operand)
{
    FoundKey key;
    if (!IsA(operand, Var) || exprType(operand) != BOOLOID || !FindKey(*sink->target, operand, &key))
        return 0;
    AddPredicate(sink, Append(sink, key, ClauseKind::Equality), sink->clause);
    return 1;
}

/* Facts of one clause without connectives; the number of those an index can be entered by. */
int ExamineClause(Sink *sink, Node *clause, Node *source)
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

/* An OR is served by a combination of bitmaps only if every arm has an index of its own. */
int ExamineOr(Sink *sink, Node *or_clause)
{
    const bool in_or = sink->in_or;
    List *const before = list_copy(sink->found);
    int found = 0;
    ListCell *cell;
    sink->in_or = true;
    foreach (cell, reinterpret_cast<BoolExpr *>(or_clause)->args)
    {
        Node *arm = static_cast<Node *>(lfirst(cell));
        const int added = CountOf(sink, arm, arm);
        if (added == 0)
        {
            sink->found = before;
            found = 0;
            break;
        }
        found += added;
    }
    sink->in_or = in_or;
    /* No arm can be used without the others: each needs the relations of all. */
    const uint64 outer = OuterOf(*sink->target, sink->whole);
    for (int i = list_length(before); i < list_length(sink->found); i++)
        static_cast<FoundClause *>(list_nth(sink->found, i))->outer = outer;
    return found;
}

int CountOf(Sink *sink, Node *clause, Node *source)
{
    check_stack_depth();
    if (IsA(clause, RestrictInfo))
    {
        RestrictInfo *info = reinterpret_cast<RestrictInfo *>(clause);
        if (!sink->in_or)
            sink->whole = reinterpret_cast<Node *>(info->clause);
        return info->orclause != nullptr ? ExamineOr(sink, reinterpret_cast<Node *>(info->orclause))
                                         : CountOf(sink, reinterpret_cast<Node *>(info->clause), clause);
    }
    if (is_orclause(clause))
        return ExamineOr(sink, clause);
    if (!is_andclause(clause))
        return ExamineClause(sink, clause, source);

    int found = 0;
    ListCell *cell;
    foreach (cell, reinterpret_cast<BoolExpr *>(clause)->args)
    {
        Node *part = static_cast<Node *>(lfirst(cell));
        found += CountOf(sink, part, part);
    }
    return found;
}

struct WantedMember
{
    const IndexTarget *target;
    const EquivalenceClass *equivalence;
};

/* Which member of an equivalence class generate_implied_equalities_for_column makes clauses for. */
bool MemberIsKey(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *equivalence, EquivalenceMember *member,
                 void *context)
{
    const WantedMember *wanted = static_cast<const WantedMember *>(context);
    FoundKey key;
    (void)root;
    (void)rel;
    return equivalence == wanted->equivalence &&
           FindKey(*wanted->target, reinterpret_cast<Node *>(member->em_expr), &key);
}

/* Join clauses that exist only as equivalence classes, as an index of this relation would be given them. */
List *ImpliedEqualities(const IndexTarget &target)
{
    List *clauses = NIL;
    if (!target.rel->has_eclass_joins)
        return NIL;
    ListCell *cell;
    foreach (cell, target.root->eq_classes)
    {
        /* the planner's function is content with the first class that gives something: ask for each */
        WantedMember wanted = {&target, lfirst_node(EquivalenceClass, cell)};
        if (wanted.equivalence->ec_has_const || list_length(wanted.equivalence->ec_members) < 2)
            continue;
        clauses = list_concat(clauses, generate_implied_equalities_for_column(target.root, target.rel, MemberIsKey,
                                                                              &wanted, target.rel->lateral_referencers));
    }
    return clauses;
}

bool SaysTheSame(const FoundClause &one, const FoundClause &other)
{
    if (one.kind != other.kind || one.outer != other.outer || one.in_or != other.in_or ||
        one.selectivity != other.selectivity || !SameKey(one.key, other.key) ||
        (one.predicate_node == nullptr) != (other.predicate_node == nullptr))
        return false;
    return one.predicate_node == nullptr || strcmp(one.predicate_node, other.predicate_node) == 0;
}

bool AreHalves(const FoundClause &one, const FoundClause &other)
{
    return one.kind == ClauseKind::Range && other.kind == ClauseKind::Range && !one.in_or && !other.in_or &&
           one.source != nullptr && other.source != nullptr && one.outer == other.outer && SameKey(one.key, other.key);
}

/* Halves of a range on one key become one fact: only together do they say how much is read. Facts that are
 * there twice (an OR over two relations leaves a restriction for each and stays) are needed once. */
List *Merge(const IndexTarget &target, List *clauses)
{
    List *merged = NIL;
    ListCell *cell, *other_cell;
    foreach (cell, clauses)
    {
        FoundClause *clause = static_cast<FoundClause *>(lfirst(cell));
        FoundClause *half = nullptr;
        bool repeated = false;
        foreach (other_cell, merged)
        {
            FoundClause *other = static_cast<FoundClause *>(lfirst(other_cell));
            if (AreHalves(*other, *clause))
                half = other;
            repeated = repeated || (half == nullptr && SaysTheSame(*other, *clause));
        }
        if (half == nullptr && !repeated)
            merged = lappend(merged, clause);
        if (half == nullptr)
            continue;
        List *sources = IsA(half->source, List) ? reinterpret_cast<List *>(half->source) : list_make1(half->source);
        sources = lappend(sources, clause->source);
        half->source = reinterpret_cast<Node *>(sources);
        half->selectivity = clauselist_selectivity(target.root, sources, static_cast<int>(target.rel->relid),
                                                   JOIN_INNER, nullptr);
    }
    return merged;
}

} // namespace

void CollectClauses(const IndexTarget &target, FoundRelation *found)
{
    RelOptInfo *rel = target.rel;
    IndexTarget context = target;
    Sink sink = {&context, NIL, nullptr, nullptr, nullptr, false};
    ListCell *cell;

    foreach (cell, rel->baserestrictinfo)
    {
        RestrictInfo *info = lfirst_node(RestrictInfo, cell);
        if (!info->pseudoconstant && restriction_is_securely_promotable(info, rel))
            CountOf(&sink, reinterpret_cast<Node *>(info), reinterpret_cast<Node *>(info));
    }

    List *joins = NIL;
    foreach (cell, rel->joininfo)
    {
        RestrictInfo *info = lfirst_node(RestrictInfo, cell);
        if (join_clause_is_movable_to(info, rel))
            joins = lappend(joins, info);
    }
    joins = list_concat(joins, ImpliedEqualities(target));
    foreach (cell, joins)
    {
        RestrictInfo *info = lfirst_node(RestrictInfo, cell);
        if (restriction_is_securely_promotable(info, rel))
            CountOf(&sink, reinterpret_cast<Node *>(info), reinterpret_cast<Node *>(info));
    }
    found->clauses = Merge(target, sink.found);
}

} // namespace pg_advisor::whatif
