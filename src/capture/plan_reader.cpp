/*
 * PlanState -> scan facts.
 *
 * Counts are of the whole execution: loops of a nested loop add up, workers of a parallel scan are one
 * scan, partitions are summed under their topmost parent, a LIMIT shows as fewer rows read. The filter is
 * kept as a node string with its constants masked, and turned into SQL only when somebody asks.
 */
#include "capture/plan_reader.hpp"

#include "boundary/attempt.hpp"
#include "whatif/nodes.hpp"
#include "whatif/row_sets.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr int kMostScans = 64;
constexpr int kLongestFilter = 16 * 1024;

struct Reader
{
    const PlannedStmt *statement;
    double plan_cost;
    double participants; /* processes that run this part of the plan */
    store::ScanDelta scans[kMostScans];
    int count;
};

struct MaskState
{
    Index varno;
    int parameters;
};

Node *NumberedParameter(MaskState *state, Oid type, Oid collation)
{
    Param *param = makeNode(Param);
    param->paramkind = PARAM_EXTERN;
    param->paramid = ++state->parameters;
    param->paramtype = type;
    param->paramtypmod = -1;
    param->paramcollid = collation;
    param->location = -1;
    return reinterpret_cast<Node *>(param);
}

/* Constants and parameters become parameters numbered as they come (a custom and a generic plan of one
 * statement have the same filter), and Vars those of relation 1, so that equal filters are equal. */
Node *MaskFilter(Node *node, void *context)
{
    auto *state = static_cast<MaskState *>(context);
    if (node == nullptr)
        return nullptr;
    if (Node *kept = whatif::MutateAroundKeyword(node, MaskFilter, context))
        return kept;
    if (IsA(node, Const) && !reinterpret_cast<Const *>(node)->constisnull)
    {
        const auto *constant = reinterpret_cast<Const *>(node);
        return NumberedParameter(state, constant->consttype, constant->constcollid);
    }
    if (IsA(node, Param) && reinterpret_cast<Param *>(node)->paramkind == PARAM_EXTERN)
    {
        const auto *param = reinterpret_cast<Param *>(node);
        return NumberedParameter(state, param->paramtype, param->paramcollid);
    }
    if (IsA(node, Var) && reinterpret_cast<Var *>(node)->varno == static_cast<int>(state->varno))
    {
        auto *var = reinterpret_cast<Var *>(copyObjectImpl(node));
        var->varno = 1;
        var->varnosyn = 0;
        var->varattnosyn = 0;
        var->location = -1;
        return reinterpret_cast<Node *>(var);
    }
    return compat::MutateExpression(node, MaskFilter, context);
}

char *FilterNode(List *qual, Index varno)
{
    MaskState state{varno, 0};
    /* Without source positions: they move with the length of the constants before them. */
    char *text = whatif::NodeText(MaskFilter(reinterpret_cast<Node *>(qual), &state), 1);
    return strlen(text) < kLongestFilter ? text : nullptr;
}

/* Fraction of the plan's cost that is this scan. */
double CostShare(const Reader &reader, const PlanState *state, double loops)
{
    if (reader.plan_cost <= 0)
        return 0;
    return std::min(1.0, state->plan->total_cost * std::max(1.0, loops) / reader.plan_cost);
}

void AddScan(Reader *reader, ScanState *scan)
{
    const auto *plan = reinterpret_cast<const Scan *>(scan->ps.plan);
    Instrumentation *counts = scan->ps.instrument;
    Relation relation = scan->ss_currentRelation;
    if (reader->count == kMostScans || counts == nullptr || relation == nullptr ||
        IsCatalogRelationOid(RelationGetRelid(relation)) || RelationUsesLocalBuffers(relation))
        return;
    InstrEndLoop(counts);
    if (counts->nloops <= 0)
        return;

    store::ScanDelta *delta = &reader->scans[reader->count];
    store::ScanFact *fact = &delta->fact;
    memset(delta, 0, sizeof(*delta));
    fact->relid =
        rt_fetch(whatif::TopmostParent(reader->statement, plan->scanrelid), reader->statement->rtable)->relid;
    fact->filter_relid = RelationGetRelid(relation);
    fact->loops = plan->plan.parallel_aware ? std::max(1.0, std::round(counts->nloops / reader->participants))
                                            : counts->nloops;
    fact->rows_kept = counts->ntuples;
    fact->rows_read = counts->ntuples + counts->nfiltered1;
    const double table_rows = std::max(1.0, static_cast<double>(relation->rd_rel->reltuples));
    const double table_pages = std::max(1.0, static_cast<double>(relation->rd_rel->relpages));
    fact->pages = std::min(fact->loops, fact->rows_read / table_rows) * table_pages;
    fact->cost_share = CostShare(*reader, &scan->ps, fact->loops);
    if (plan->plan.qual != NIL)
    {
        (void)Attempt([&] { delta->filter_node = FilterNode(plan->plan.qual, plan->scanrelid); });
        if (delta->filter_node == nullptr)
            return;
        fact->filter_size = static_cast<uint32>(strlen(delta->filter_node));
        fact->filter_hash = std::max(
            1U, hash_bytes(reinterpret_cast<const unsigned char *>(delta->filter_node),
                           static_cast<int>(fact->filter_size)));
    }
    reader->count++;
}

bool Visit(PlanState *state, void *context)
{
    auto *reader = static_cast<Reader *>(context);
    const double participants = reader->participants;

    if (IsA(state, SeqScanState))
        AddScan(reader, reinterpret_cast<ScanState *>(state));
    else if (IsA(state, GatherState))
        reader->participants = 1 + reinterpret_cast<GatherState *>(state)->nworkers_launched;
    else if (IsA(state, GatherMergeState))
        reader->participants = 1 + reinterpret_cast<GatherMergeState *>(state)->nworkers_launched;
    const bool stop = compat::WalkPlanState(state, Visit, context);
    reader->participants = participants;
    return stop;
}

/* Scans of sibling partitions, or of both sides of a self join, that are the same fact. */
void Fold(Reader *reader)
{
    int kept = 0;
    for (int i = 0; i < reader->count; i++)
    {
        const store::ScanFact &fact = reader->scans[i].fact;
        int at = 0;
        while (at < kept && (reader->scans[at].fact.relid != fact.relid ||
                             reader->scans[at].fact.filter_hash != fact.filter_hash))
            at++;
        if (at == kept)
        {
            reader->scans[kept++] = reader->scans[i];
            continue;
        }
        store::ScanFact *into = &reader->scans[at].fact;
        const bool sibling = into->filter_relid != fact.filter_relid;
        into->loops = sibling ? std::max(into->loops, fact.loops) : into->loops + fact.loops;
        into->rows_read += fact.rows_read;
        into->rows_kept += fact.rows_kept;
        into->pages += fact.pages;
        into->cost_share = std::min(1.0, into->cost_share + fact.cost_share);
    }
    reader->count = kept;
}

} // namespace

bool ReadScans(const Execution &execution)
{
    QueryDesc *query_desc = execution.query_desc;
    MemoryContext scratch =
        AllocSetContextCreateInternal(CurrentMemoryContext, "pg_advisor scans", ALLOCSET_DEFAULT_SIZES);
    MemoryContext previous = MemoryContextSwitchTo(scratch);
    auto *reader = static_cast<Reader *>(palloc(sizeof(Reader)));

    reader->statement = query_desc->plannedstmt;
    reader->plan_cost = query_desc->plannedstmt->planTree->total_cost;
    reader->participants = 1;
    reader->count = 0;
    (void)Visit(query_desc->planstate, reader);
    Fold(reader);
    const bool any = reader->count > 0;
    if (any)
        store::AddScans(execution.key, reader->scans, reader->count);

    MemoryContextSwitchTo(previous);
    MemoryContextDelete(scratch);
    return any;
}

} // namespace pg_advisor::capture
