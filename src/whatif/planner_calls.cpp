/*
 * Exact costs by planner calls, and the two caches in front of them.
 *
 * The first knows the cost of a query by the indexes that can matter to it; no planner call is needed. The second
 * knows it by the paths of its base relations (path_signature.hpp): the call ends before joins are searched.
 *
 * CurrentMemoryContext stays the caller's while C++ runs; inside the sandbox the planner works in a context
 * that is emptied for each call.
 */
#include "whatif/planner_state.hpp"

#include "settings.hpp"
#include "whatif/lookup_price.hpp"
#include "whatif/server_error.hpp"
#include "whatif/tree_check.hpp"
#include "whatif/tree_tools.hpp"

namespace pg_advisor::whatif
{

namespace
{

void InjectWorld(World *world, PlannerInfo *, Oid relation, RelOptInfo *rel)
{
    const auto *call = static_cast<CallWorld *>(world);
    if (call->hidden_count > 0)
        Hide(call->hidden, call->hidden_count, rel);
    for (int i = 0; i < call->index_count; ++i)
        Inject(call->indexes[i], relation, rel);
}

void CollectWorld(World *world, PlannerInfo *root, RelOptInfo *rel, Index, RangeTblEntry *rte)
{
    auto *call = static_cast<CallWorld *>(world);
    NoteIndexPaths(&call->index_paths, root, rel);
    if (call->corrects && rte->rtekind == RTE_RELATION)
    {
        NoteLookups(&call->lookups, root, rel);
        NoteTablePages(&call->tables, rel, rte->relid);
    }
    if (!call->joins)
        call->paths.AddPaths(root, rel);
}

/* The outermost level comes last: by now all base relations of the query have their paths. */
void LeaveIfKnown(World *world, PlannerInfo *root)
{
    auto *call = static_cast<CallWorld *>(world);
    if (!IsOutermost(root) || call->joins)
        return;
    call->joins = true;
    if (call->paths_only)
        LeavePlanning(world);
    const KnownPlan wanted{call->paths, 0};
    const KnownPlan *end = call->known + call->known_count;
    const KnownPlan *found = std::lower_bound(call->known, end, wanted);
    if (found == end || !(found->paths == wanted.paths))
        return;
    call->recognised = found;
    if (!call->to_the_end)
        LeavePlanning(world);
}

/* An index that is tried has them for its correlation and, being unique or not, for its own clauses. */
HeapTuple StatisticsInWorld(World *world, Oid index, AttrNumber column)
{
    const auto *call = static_cast<CallWorld *>(world);
    for (int i = 0; i < call->index_count; ++i)
        if (call->indexes[i]->oid == index)
            return column <= call->indexes[i]->key_count ? call->indexes[i]->statistics[column - 1] : nullptr;
    return CarriedStatistics(world, index, column);
}

const char *NameInWorld(World *world, Oid index)
{
    const auto *call = static_cast<CallWorld *>(world);
    for (int i = 0; i < call->index_count; ++i)
        if (call->indexes[i]->oid == index)
            return call->indexes[i]->name;
    return nullptr;
}

} // namespace

Configuration PlannerCost::State::Relevant(const QueryState &query, const Configuration &configuration)
{
    Configuration relevant;
    for (IndexId id : configuration.created)
    {
        const HypotheticalIndex *index = indexes.at(id);
        const HypotheticalTable *first = index->tables;
        if (std::any_of(first, first + index->table_count, [&](const HypotheticalTable &table) {
                return query.expanded.contains(table.relation);
            }))
            relevant.created.push_back(id);
    }
    for (Oid32 oid : configuration.hidden)
    {
        const HiddenIndex &index = Hidden(oid);
        if (std::any_of(index.tables.begin(), index.tables.end(),
                        [&](Oid table) { return query.expanded.contains(table); }))
            relevant.hidden.push_back(oid);
    }
    std::sort(relevant.created.begin(), relevant.created.end());
    std::sort(relevant.hidden.begin(), relevant.hidden.end());
    return relevant;
}

void PlannerCost::State::Open(CallWorld *world, const Configuration &relevant, Vector<HypotheticalIndex *> *chosen,
                              Vector<Oid> *gone)
{
    for (IndexId id : relevant.created)
    {
        HypotheticalIndex *index = indexes.at(id);
        chosen->push_back(index);
        if (index->unique || index->tables->expressions != NIL)
            world->paths.AddIndex(index->oid);
    }
    for (Oid32 oid : relevant.hidden)
    {
        const HiddenIndex &index = Hidden(oid);
        gone->insert(gone->end(), index.parts.begin(), index.parts.end());
        world->paths.AddIndex(oid);
    }
    SetCarriers(world, CarriersNow());
    world->statistics = StatisticsInWorld;
    world->inject = InjectWorld;
    world->collect = CollectWorld;
    world->join = LeaveIfKnown;
    world->name = NameInWorld;
    world->indexes = chosen->data();
    world->index_count = static_cast<int>(chosen->size());
    world->hidden = gone->data();
    world->hidden_count = static_cast<int>(gone->size());
}

namespace
{

/* Lookups are priced again with the statistics of the world. After an error the session puts it back. */
Correction Correct(PlannedStmt *plan, const PlannableQuery &query, CallWorld *world)
{
    const bool outside = EnterPlanner(world->query);
    const Correction correction = CorrectPlan(plan, query, world->tables, world->lookups);
    LeavePlanner(outside);
    return correction;
}

/* One planner call; the facts are in the work context. */
PlanFacts Plan(const PlannableQuery &query, CallWorld *world, MemoryContext work)
{
    PlanFacts facts{};
    List *const none = NIL;
    Session session(world);
    SandboxOptions options;
    options.user = query.user;
    MemoryContextReset(work);
    Sandbox(options, [&] {
        MemoryContext caller = MemoryContextSwitchTo(work);
        List *expanded;
        world->index_paths = world->tables = world->lookups = none;
        world->corrects = query.recorded;
        VerifyTree(query.tree); /* no lock is kept between calls, so that it may have changed */
        world->query = copyObject(query.tree);
        LockOrFail(RelationsOf(world->query, &expanded));
        PlannedStmt *plan = planner(world->query, query.text, CURSOR_OPT_PARALLEL_OK, query.params);
        const Correction correction = query.recorded ? Correct(plan, query, world) : Correction{0, 1, 1, 0};
        facts = ReadPlan(plan, world->index_paths, query.recorded);
        facts.correction = correction;
        MemoryContextSwitchTo(caller);
    });
    return facts;
}

/* Without its arbiter ON CONFLICT fails, whatever the planner thinks it costs. */
void CheckArbiters(const PlanFacts &facts, const Vector<Oid> &hidden)
{
    const int count = list_length(facts.arbiters);
    int gone = 0;
    for (int i = 0; i < count; ++i)
        gone += std::find(hidden.begin(), hidden.end(), list_nth_oid(facts.arbiters, i)) != hidden.end();
    if (count > 0 && gone == count)
        throw Failure("42P10", "statement needs a hidden index for ON CONFLICT",
                      "Without the index the statement would fail.");
}

/* The index of the partitioned table that this one is a part of, or itself. */
Oid Topmost(Oid index)
{
    Oid topmost = index;
    CallPg([&] {
        if (get_rel_relispartition(index))
            topmost = llast_oid(get_partition_ancestors(index));
    });
    return topmost;
}

/* `topmost`: of the existing indexes, as far as they were met. An index that is part of another counts as both. */
PlanCost CostOf(const PlanFacts &facts, const Map<Oid, IndexId> &by_oid, Map<Oid, Oid> *topmost)
{
    PlanCost cost;
    cost.cost = facts.cost;
    cost.correction = facts.correction.cost;
    cost.doubt = {facts.correction.expected, facts.correction.counted, facts.correction.lookups};
    cost.heap_fetches = facts.heap_fetches;
    cost.early_stop_risk = facts.early_stop_risk;
    for (int i = 0; i < facts.index_count; ++i)
    {
        const auto found = by_oid.find(facts.indexes[i]);
        if (found != by_oid.end())
        {
            cost.used.push_back(found->second);
            continue;
        }
        const Oid index = facts.indexes[i];
        if (!topmost->contains(index))
            (*topmost)[index] = Topmost(index);
        cost.used_existing.push_back(index);
        cost.used_existing.push_back(topmost->at(index));
    }
    std::sort(cost.used.begin(), cost.used.end());
    std::sort(cost.used_existing.begin(), cost.used_existing.end());
    cost.used_existing.erase(std::unique(cost.used_existing.begin(), cost.used_existing.end()), cost.used_existing.end());
    return cost;
}

bool Same(const PlanCost &left, const PlanCost &right)
{
    return left.cost == right.cost && left.correction == right.correction &&
           left.heap_fetches == right.heap_fetches && left.early_stop_risk == right.early_stop_risk &&
           left.used == right.used && left.used_existing == right.used_existing;
}

/* Whether the nth known answer is to be planned again. */
bool Due(std::size_t nth)
{
    return settings::debug_cost_cache > 0 && nth % static_cast<std::size_t>(settings::debug_cost_cache) == 0;
}

} // namespace

void PlannerCost::State::Compare(const PlanCost &known, const PlanCost &planned)
{
    recomputed++;
    mismatches += !Same(known, planned);
}

/* What was recognised, unless it had to be planned to the end all the same, which must not differ. */
PlanCost PlannerCost::State::Recognised(const QueryState &query, const KnownPlan &known, const PlanCost *planned)
{
    const PlanCost &plan = query.plans[known.plan];
    recognised++;
    if (planned == nullptr)
        return plan;
    Compare(plan, *planned);
    return *planned;
}

/* Planned again, that is with all of the configuration and without a look at the plans that are known. */
const PlanCost &PlannerCost::State::Cached(const QueryState &query, const PlanCost &known, const Configuration &whole)
{
    cached++;
    if (!Due(cached))
        return known;
    CallWorld world;
    Vector<HypotheticalIndex *> chosen;
    Vector<Oid> gone;
    Open(&world, whole, &chosen, &gone);
    CountPlannerCall();
    Compare(known, CostOf(Plan(query.query, &world, work), by_oid, &topmost));
    return known;
}

PlanCost PlannerCost::State::Ask(QueryState &query, const Configuration &relevant)
{
    CallWorld world;
    Vector<HypotheticalIndex *> chosen;
    Vector<Oid> gone;
    Open(&world, relevant, &chosen, &gone);
    world.known = query.known.data();
    world.known_count = static_cast<int>(query.known.size());
    world.to_the_end = Due(planner_calls);
    PlanFacts facts;
    try
    {
        CountPlannerCall();
        facts = Plan(query.query, &world, work);
    }
    catch (const PgError &error)
    {
        if (!WasLeft(world, error))
            throw;
        return Recognised(query, *world.recognised, nullptr);
    }
    CheckArbiters(facts, gone);
    PlanCost cost = CostOf(facts, by_oid, &topmost);
    cost.joins_tried = world.joins_tried;
    if (world.recognised != nullptr)
        return Recognised(query, *world.recognised, &cost);
    if (world.joins)
    {
        const KnownPlan known{world.paths, query.plans.size()};
        query.plans.push_back(cost);
        query.known.insert(std::lower_bound(query.known.begin(), query.known.end(), known), known);
    }
    return cost;
}

PlanCost PlannerCost::Cost(QueryId id, const Configuration &configuration)
{
    QueryState &query = state_->Query(id);
    Configuration relevant = state_->Relevant(query, configuration);
    const auto cached = query.costs.find(relevant);

    CheckInterrupts();
    try
    {
        if (cached != query.costs.end())
            return state_->Cached(query, cached->second, configuration);
        const PlanCost cost = state_->Ask(query, relevant);
        query.costs.emplace(std::move(relevant), cost);
        return cost;
    }
    catch (const PgError &error)
    {
        if (!DropStableCallsAfter(error, query, state_->keep))
            ThrowAsFailure(error);
    }
    return Cost(id, configuration);
}

/* The planner keeps a path of a base relation only if none beats it in cost, order and what it needs from others. */
Vector<IndexId> PlannerCost::Promising(QueryId id, const Vector<IndexId> &indexes)
{
    QueryState &query = state_->Query(id);
    CallWorld world;
    Vector<HypotheticalIndex *> chosen;
    Vector<Oid> gone;
    Configuration all;
    all.created = indexes;
    state_->Open(&world, state_->Relevant(query, all), &chosen, &gone);
    world.paths_only = true;
    try
    {
        state_->CountPlannerCall();
        (void)Plan(query.query, &world, state_->work);
        return indexes; /* no joins: nothing is saved */
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
        if (!WasLeft(world, error))
            return indexes; /* what is wrong with the query shows when it is priced */
    }
    Set<IndexId> found;
    for (int i = 0; i < list_length(world.index_paths); ++i)
    {
        const auto *path = static_cast<const IndexPathFact *>(list_nth(world.index_paths, i));
        if (const auto index = state_->by_oid.find(path->index); index != state_->by_oid.end())
            found.insert(index->second);
    }
    return Vector<IndexId>(found.begin(), found.end());
}

void PlannerCost::ReportCache() const
{
    if (settings::debug_cost_cache == 0 || state_->recomputed == 0)
        return;
    const bool exact = state_->mismatches == 0;
    const auto calls = static_cast<unsigned long>(state_->planner_calls);
    const auto recognised = static_cast<unsigned long>(state_->recognised);
    const auto cached = static_cast<unsigned long>(state_->cached);
    const auto recomputed = static_cast<unsigned long>(state_->recomputed);
    const auto mismatches = static_cast<unsigned long>(state_->mismatches);
    CallPg([&] {
        ereport(exact ? NOTICE : WARNING,
                (exact ? errmsg("plans that were known are the same when made again")
                       : errmsg("plans that were known differ when made again"),
                 errdetail("%lu planner calls, of which %lu were known before joins were searched; %lu answers from "
                           "the cache. %lu planned again, %lu different.",
                           calls, recognised, cached, recomputed, mismatches)));
    });
}

} // namespace pg_advisor::whatif
