/*
 * Takes the clauses of a relation apart: restrictions, joins, equivalence classes, ORs; and merges what
 * belongs together. Runs inside the planner: see collected.hpp. clause_facts.cpp judges single comparisons.
 */
#include "whatif/collected.hpp"

namespace pg_advisor::whatif
{

namespace
{

int CountOf(ClauseSink *sink, Node *clause, Node *source);

/* An OR is served by a combination of bitmaps only if every arm has an index of its own. */
int ExamineOr(ClauseSink *sink, Node *or_clause)
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

int CountOf(ClauseSink *sink, Node *clause, Node *source)
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
        one.selectivity != other.selectivity || !SameKey(one.key, other.key) || one.key.opclass != other.key.opclass ||
        (one.predicate_node == nullptr) != (other.predicate_node == nullptr))
        return false;
    return one.predicate_node == nullptr || strcmp(one.predicate_node, other.predicate_node) == 0;
}

bool AreHalves(const FoundClause &one, const FoundClause &other)
{
    return one.kind == ClauseKind::Range && other.kind == ClauseKind::Range && !one.in_or && !other.in_or &&
           one.source != nullptr && other.source != nullptr && one.outer == other.outer && SameKey(one.key, other.key) &&
           one.key.opclass == other.key.opclass;
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
    ClauseSink sink = {&context, NIL, nullptr, nullptr, nullptr, false};
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
