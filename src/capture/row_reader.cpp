/*
 * PlanState -> row facts, for base relations, joins and groups.
 *
 * What a nested loop or a subplan starts again for each of its rows is not looked at: its count is that of one round.
 * A node that was not read to its end (LIMIT, the inner side of a semi-join) counts fewer rows than it has; as facts
 * are only used where there were more rows than expected, that is on the safe side. Counts are per run of a node and
 * per process of a parallel plan, as estimates are.
 */
#include "capture/row_reader.hpp"

#include "boundary/attempt.hpp"
#include "whatif/row_sets.hpp"

namespace pg_advisor::capture
{

namespace
{

using whatif::RowSet;

/* Statements whose estimates are never off by this factor, and this many rows, keep no facts. */
constexpr double kOffByFactor = 2;
constexpr double kOffByRows = 100;

struct Reader
{
    const PlannedStmt *statement;
    Bitmapset *loop_params;
    bool unknown; /* counts here mean something else */
    bool surprised;
    store::RowFact facts[store::kRowFactsPerStatement];
    uint32 count;
};

RowSet Visit(Reader *reader, PlanState *state);

void Note(Reader *reader, PlanState *state, RowSet rows)
{
    Instrumentation *counts = state->instrument;
    if (rows == 0 || counts == nullptr || reader->unknown || reader->count == store::kRowFactsPerStatement ||
        !whatif::MakesRows(state->plan) || whatif::DependsOn(state->plan, reader->loop_params))
        return;
    InstrEndLoop(counts);
    if (counts->nloops <= 0)
        return;
    for (uint32 i = 0; i < reader->count; i++)
        if (reader->facts[i].rows == rows)
            return;
    const double actual = counts->ntuples / counts->nloops;
    const double expected = std::max(1.0, state->plan->plan_rows);
    reader->facts[reader->count++] = store::RowFact{rows, 1, expected, actual, actual};
    reader->surprised |= actual >= expected * kOffByFactor && actual >= expected + kOffByRows;
}

void VisitSubPlans(Reader *reader, const List *subplans)
{
    for (int i = 0; i < list_length(subplans); i++)
    {
        const auto *state = static_cast<const SubPlanState *>(list_nth(subplans, i));
        Bitmapset *outside = reader->loop_params;
        for (int n = 0; n < list_length(state->subplan->parParam); n++)
            reader->loop_params =
                bms_add_member(n == 0 ? bms_copy(outside) : reader->loop_params, list_nth_int(state->subplan->parParam, n));
        (void)Visit(reader, state->planstate);
        reader->loop_params = outside;
    }
}

/* A merge join reads rows of its inner side again and again, unless a sort below hands them out. */
bool HidesRereading(const PlanState *state)
{
    return IsA(state, SortState) || IsA(state, MaterialState) || IsA(state, HashState);
}

bool LacksWorkers(const PlanState *state)
{
    if (IsA(state, GatherState))
        return reinterpret_cast<const GatherState *>(state)->nworkers_launched <
               reinterpret_cast<const Gather *>(state->plan)->num_workers;
    return IsA(state, GatherMergeState) && reinterpret_cast<const GatherMergeState *>(state)->nworkers_launched <
                                               reinterpret_cast<const GatherMerge *>(state->plan)->num_workers;
}

RowSet VisitInner(Reader *reader, PlanState *state)
{
    PlanState *inner = innerPlanState(state);
    Bitmapset *outside = reader->loop_params;
    const bool unknown = reader->unknown;
    if (IsA(state, NestLoopState))
        reader->loop_params =
            whatif::WithLoopParams(outside, reinterpret_cast<const NestLoop *>(state->plan));
    if (IsA(state, MergeJoinState))
        reader->unknown = true;
    const RowSet rows = Visit(reader, inner);
    reader->loop_params = outside;
    reader->unknown = unknown;
    return rows;
}

RowSet VisitOuter(Reader *reader, PlanState *state)
{
    const bool unknown = reader->unknown;
    reader->unknown = (unknown && !HidesRereading(state)) || LacksWorkers(state);
    PlanState *outer = IsA(state, SubqueryScanState) ? reinterpret_cast<SubqueryScanState *>(state)->subplan
                                                     : outerPlanState(state);
    const RowSet rows = Visit(reader, outer);
    reader->unknown = unknown;
    return rows;
}

/* Children of an Append are parts of its rows. */
RowSet Visit(Reader *reader, PlanState *state)
{
    if (state == nullptr)
        return 0;
    check_stack_depth();
    VisitSubPlans(reader, state->initPlan);
    VisitSubPlans(reader, state->subPlan);
    const RowSet outer = VisitOuter(reader, state);
    const RowSet inner = VisitInner(reader, state);
    const RowSet rows = whatif::RowsOf(reader->statement, state->plan, outer, inner);
    Note(reader, state, rows);
    return rows;
}

bool FindParameter(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    if (IsA(node, Param) && reinterpret_cast<Param *>(node)->paramkind == PARAM_EXTERN)
        return true;
    return compat::WalkExpression(node, FindParameter, context);
}

bool HasParameter(PlanState *state, void *context)
{
    const Plan *plan = state->plan;
    const List *more = NIL;
    if (IsA(plan, IndexScan))
        more = reinterpret_cast<const IndexScan *>(plan)->indexqual;
    else if (IsA(plan, IndexOnlyScan))
        more = reinterpret_cast<const IndexOnlyScan *>(plan)->indexqual;
    else if (IsA(plan, BitmapIndexScan))
        more = reinterpret_cast<const BitmapIndexScan *>(plan)->indexqual;
    return FindParameter(reinterpret_cast<Node *>(plan->qual), nullptr) ||
           FindParameter(reinterpret_cast<Node *>(const_cast<List *>(more)), nullptr) ||
           compat::WalkPlanState(state, HasParameter, context);
}

/* A generic plan: its estimates are not those for the values it ran with, and advice plans with values. */
bool IsGeneric(const QueryDesc *query_desc)
{
    return query_desc->params != nullptr && query_desc->params->numParams > 0 &&
           HasParameter(query_desc->planstate, nullptr);
}

} // namespace

void ReadRows(const Execution &execution, bool wanted)
{
    QueryDesc *query_desc = execution.query_desc;
    MemoryContext scratch =
        AllocSetContextCreateInternal(CurrentMemoryContext, "pg_advisor rows", ALLOCSET_DEFAULT_SIZES);
    MemoryContext previous = MemoryContextSwitchTo(scratch);
    auto *reader = static_cast<Reader *>(palloc0(sizeof(Reader)));
    reader->statement = query_desc->plannedstmt;
    const bool good = Attempt([&] {
        if (!IsGeneric(query_desc))
            (void)Visit(reader, query_desc->planstate);
    });
    if (good && reader->count > 0 && (reader->surprised || wanted))
        store::AddRows(execution.key, reader->facts, reader->count);
    MemoryContextSwitchTo(previous);
    MemoryContextDelete(scratch);
}

} // namespace pg_advisor::capture
