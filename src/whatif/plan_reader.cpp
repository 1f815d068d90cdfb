/*
 * Walks a finished plan: see plan_reader.hpp. Runs inside the sandbox; plain locals only.
 */
#include "whatif/plan_reader.hpp"

#include "whatif/early_stop.hpp"

namespace pg_advisor::whatif
{

namespace
{

struct Walk
{
    PlannedStmt *statement;
    List *index_paths;
    PlanFacts facts;
    Bitmapset *seen_subplans;
    double subplan_loops; /* of the expressions being walked */
    bool recorded;
};

void Visit(Walk *walk, Plan *plan, double loops, double fraction);

void Use(Walk *walk, Oid index)
{
    PlanFacts *facts = &walk->facts;
    if (std::find(facts->indexes, facts->indexes + facts->index_count, index) != facts->indexes + facts->index_count)
        return;
    if ((facts->index_count & 15) == 0)
    {
        auto *grown = static_cast<Oid *>(palloc(sizeof(Oid) * (facts->index_count + 16)));
        std::copy_n(facts->indexes, facts->index_count, grown);
        facts->indexes = grown;
    }
    facts->indexes[facts->index_count++] = index;
}

const IndexPathFact *FactOf(const Walk *walk, Oid index, const Plan *plan)
{
    ListCell *cell;
    foreach (cell, walk->index_paths)
    {
        const auto *fact = static_cast<IndexPathFact *>(lfirst(cell));
        if (fact->index == index && fact->total_cost == plan->total_cost)
            return fact;
    }
    return nullptr;
}

/* Rows that the scan reads in all. */
double UseScan(Walk *walk, Oid index, const Plan *plan, double loops, double fraction)
{
    Use(walk, index);
    const IndexPathFact *fact = FactOf(walk, index, plan);
    if (fact == nullptr)
        return plan->plan_rows;
    const double fetched = std::max(fact->fetched, plan->plan_rows);
    if (fact->may_disappoint && fraction < 1)
        walk->facts.early_stop_risk +=
            loops * EarlyStopRisk(plan->total_cost, fraction, plan->plan_rows / fetched, fact->read_before);
    return fetched;
}

/* A larger table is read by the server's sequential scans without filling the buffers (initscan's rule), but by
 * bitmaps through them. */
bool StaysInBuffers(const Walk *walk, const Plan *scan)
{
    const Index number = reinterpret_cast<const Scan *>(scan)->scanrelid;
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(rt_fetch(number, walk->statement->rtable)->relid));
    if (!HeapTupleIsValid(tuple))
        return false;
    const int pages = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relpages;
    ReleaseSysCache(tuple);
    return pages <= NBuffers / 4;
}

/* Correlated subplans run once for each row of the node they hang on, others once. */
bool FindSubPlans(Node *node, void *context)
{
    auto *walk = static_cast<Walk *>(context);
    if (node == nullptr)
        return false;
    if (IsA(node, SubPlan))
    {
        const auto *subplan = reinterpret_cast<SubPlan *>(node);
        if (!bms_is_member(subplan->plan_id, walk->seen_subplans))
        {
            walk->seen_subplans = bms_add_member(walk->seen_subplans, subplan->plan_id);
            const bool once = subplan->useHashTable || subplan->parParam == NIL;
            const double loops = walk->subplan_loops;
            const bool probes = subplan->subLinkType == EXISTS_SUBLINK && !subplan->useHashTable;
            auto *plan = static_cast<Plan *>(list_nth(walk->statement->subplans, subplan->plan_id - 1));
            Visit(walk, plan, once ? 1 : loops, probes ? std::min(1.0, 1 / std::max(1.0, plan->plan_rows)) : 1);
            walk->subplan_loops = loops;
        }
    }
    return compat::WalkExpression(node, FindSubPlans, context);
}

void VisitExpressions(Walk *walk, const Plan *plan, double loops, double fraction)
{
    const double rows = plan->lefttree ? std::max(plan->lefttree->plan_rows, plan->plan_rows) : plan->plan_rows;
    walk->subplan_loops = std::max(1.0, rows * fraction) * loops;
    FindSubPlans(reinterpret_cast<Node *>(plan->targetlist), walk);
    walk->subplan_loops = std::max(1.0, rows * fraction) * loops;
    FindSubPlans(reinterpret_cast<Node *>(plan->qual), walk);
}

void VisitInitPlans(Walk *walk, const Plan *plan, double loops)
{
    ListCell *cell;
    foreach (cell, plan->initPlan)
    {
        const auto *subplan = static_cast<SubPlan *>(lfirst(cell));
        if (bms_is_member(subplan->plan_id, walk->seen_subplans))
            continue;
        walk->seen_subplans = bms_add_member(walk->seen_subplans, subplan->plan_id);
        Visit(walk, static_cast<Plan *>(list_nth(walk->statement->subplans, subplan->plan_id - 1)),
              subplan->parParam == NIL ? 1 : loops, 1);
    }
}

void VisitAll(Walk *walk, List *plans, double loops, double fraction)
{
    ListCell *cell;
    foreach (cell, plans)
        Visit(walk, static_cast<Plan *>(lfirst(cell)), loops, fraction);
}

/* The inner side runs once per outer row that is asked for; a cache or a stored result makes it less. */
void VisitNestLoop(Walk *walk, const NestLoop *join, double loops, double fraction)
{
    Plan *outer = outerPlan(join);
    Plan *inner = innerPlan(join);
    double outer_rows = std::max(1.0, outer->plan_rows * fraction);
    Visit(walk, outer, loops, fraction);
    if (IsA(inner, Material))
        outer_rows = 1;
    if (IsA(inner, Memoize))
        outer_rows = std::min(outer_rows, std::max(1.0, double(reinterpret_cast<Memoize *>(inner)->est_entries)));
    const bool first_match = join->join.inner_unique || join->join.jointype == JOIN_SEMI || join->join.jointype == JOIN_ANTI;
    Visit(walk, inner, loops * outer_rows, first_match ? std::min(1.0, 1 / std::max(1.0, inner->plan_rows)) : 1);
}

/* `loops` is how often the node runs, `fraction` how much of its output is asked for. */
void Visit(Walk *walk, Plan *plan, double loops, double fraction)
{
    if (plan == nullptr)
        return;
    check_stack_depth();
    VisitInitPlans(walk, plan, loops);
    VisitExpressions(walk, plan, loops, fraction);

    switch (nodeTag(plan))
    {
    case T_IndexScan:
        walk->facts.heap_fetches +=
            UseScan(walk, reinterpret_cast<IndexScan *>(plan)->indexid, plan, loops, fraction) * loops * fraction;
        return;
    case T_IndexOnlyScan:
        UseScan(walk, reinterpret_cast<IndexOnlyScan *>(plan)->indexid, plan, loops, fraction);
        return;
    case T_BitmapIndexScan:
        Use(walk, reinterpret_cast<BitmapIndexScan *>(plan)->indexid);
        return;
    case T_BitmapHeapScan:
        if (walk->recorded && !StaysInBuffers(walk, plan))
            walk->facts.heap_fetches += outerPlan(plan)->plan_rows * loops * fraction;
        break;
    case T_BitmapAnd:
        VisitAll(walk, reinterpret_cast<BitmapAnd *>(plan)->bitmapplans, loops, 1);
        return;
    case T_BitmapOr:
        VisitAll(walk, reinterpret_cast<BitmapOr *>(plan)->bitmapplans, loops, 1);
        return;
    case T_Append:
        VisitAll(walk, reinterpret_cast<Append *>(plan)->appendplans, loops, fraction);
        return;
    case T_MergeAppend:
        VisitAll(walk, reinterpret_cast<MergeAppend *>(plan)->mergeplans, loops, fraction);
        return;
    case T_SubqueryScan:
        Visit(walk, reinterpret_cast<SubqueryScan *>(plan)->subplan, loops, fraction);
        return;
    case T_CustomScan:
        VisitAll(walk, reinterpret_cast<CustomScan *>(plan)->custom_plans, loops, fraction);
        break;
    case T_ModifyTable:
        walk->facts.arbiters =
            list_concat(walk->facts.arbiters, reinterpret_cast<ModifyTable *>(plan)->arbiterIndexes);
        fraction = 1;
        break;
    case T_Limit:
        if (outerPlan(plan)->plan_rows > 0)
            fraction *= std::min(1.0, plan->plan_rows / outerPlan(plan)->plan_rows);
        break;
    case T_NestLoop:
        VisitNestLoop(walk, reinterpret_cast<NestLoop *>(plan), loops, fraction);
        return;
    case T_Agg:
        if (reinterpret_cast<Agg *>(plan)->aggstrategy != AGG_SORTED)
            fraction = 1;
        break;
    case T_Sort:
    case T_Hash:
    case T_Material:
    case T_SetOp:
    case T_WindowAgg:
        fraction = 1;
        break;
    default:
        break;
    }
    Visit(walk, outerPlan(plan), loops, fraction);
    Visit(walk, innerPlan(plan), loops, IsA(plan, MergeJoin) ? fraction : 1);
}

struct Notes
{
    List *facts;
    PlannerInfo *root;
};

/* `context`: Notes. */
void NoteIndexPath(const IndexPath *path, void *context)
{
    auto *notes = static_cast<Notes *>(context);
    auto *fact = static_cast<IndexPathFact *>(palloc(sizeof(IndexPathFact)));
    fact->index = path->indexinfo->indexoid;
    fact->total_cost = path->path.total_cost;
    fact->fetched = path->indexselectivity * path->path.parent->tuples;
    fact->may_disappoint = path->indexinfo->hypothetical && path->path.param_info == nullptr;
    fact->read_before = fact->may_disappoint ? ShareReadBefore(notes->root, path) : 0;
    notes->facts = lappend(notes->facts, fact);
}

} // namespace

void ForEachIndexPath(const Path *path, void (*visit)(const IndexPath *path, void *context), void *context)
{
    const List *parts = NIL;
    check_stack_depth();
    switch (nodeTag(path))
    {
    case T_IndexPath:
        visit(reinterpret_cast<const IndexPath *>(path), context);
        return;
    case T_BitmapHeapPath:
        ForEachIndexPath(reinterpret_cast<const BitmapHeapPath *>(path)->bitmapqual, visit, context);
        return;
    case T_BitmapAndPath:
        parts = reinterpret_cast<const BitmapAndPath *>(path)->bitmapquals;
        break;
    case T_BitmapOrPath:
        parts = reinterpret_cast<const BitmapOrPath *>(path)->bitmapquals;
        break;
    default:
        return;
    }
    for (int i = 0; i < list_length(parts); ++i)
        ForEachIndexPath(static_cast<const Path *>(list_nth(parts, i)), visit, context);
}

void NoteIndexPaths(List **facts, PlannerInfo *root, const RelOptInfo *rel)
{
    Notes notes{*facts, root};
    for (const List *paths : {rel->pathlist, rel->partial_pathlist})
        for (int i = 0; i < list_length(paths); ++i)
            ForEachIndexPath(static_cast<const Path *>(list_nth(paths, i)), NoteIndexPath, &notes);
    *facts = notes.facts;
}

PlanFacts ReadPlan(PlannedStmt *statement, List *index_paths, bool recorded)
{
    Walk walk{};
    walk.statement = statement;
    walk.index_paths = index_paths;
    walk.recorded = recorded;
    walk.facts.cost = statement->planTree->total_cost;
    Visit(&walk, statement->planTree, 1, 1);
    return walk.facts;
}

void ForEachNode(Plan *plan, void (*visit)(Plan *plan, void *context), void *context)
{
    ListCell *cell;
    List *children = NIL;
    if (plan == nullptr)
        return;
    check_stack_depth();
    visit(plan, context);
    switch (nodeTag(plan))
    {
    case T_Append:
        children = reinterpret_cast<Append *>(plan)->appendplans;
        break;
    case T_MergeAppend:
        children = reinterpret_cast<MergeAppend *>(plan)->mergeplans;
        break;
    case T_BitmapAnd:
        children = reinterpret_cast<BitmapAnd *>(plan)->bitmapplans;
        break;
    case T_BitmapOr:
        children = reinterpret_cast<BitmapOr *>(plan)->bitmapplans;
        break;
    case T_CustomScan:
        children = reinterpret_cast<CustomScan *>(plan)->custom_plans;
        break;
    case T_SubqueryScan:
        ForEachNode(reinterpret_cast<SubqueryScan *>(plan)->subplan, visit, context);
        break;
    default:
        break;
    }
    foreach (cell, children)
        ForEachNode(static_cast<Plan *>(lfirst(cell)), visit, context);
    ForEachNode(outerPlan(plan), visit, context);
    ForEachNode(innerPlan(plan), visit, context);
}

void ForgetPruning(PlannedStmt *statement)
{
    ListCell *cell;
    const auto forget = [](Plan *plan, void *) { compat::ForgetPruning(plan); };
    ForEachNode(statement->planTree, forget, nullptr);
    foreach (cell, statement->subplans)
        ForEachNode(static_cast<Plan *>(lfirst(cell)), forget, nullptr);
}

} // namespace pg_advisor::whatif
