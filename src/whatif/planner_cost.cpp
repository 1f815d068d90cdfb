/*
 * The queries and indexes of a PlannerCost: see planner_cost.hpp; what they cost is in planner_calls.cpp.
 *
 * CurrentMemoryContext stays the caller's while C++ runs; inside the sandbox the planner works in a context
 * that is emptied for each call.
 */
#include "whatif/planner_state.hpp"

#include "whatif/collector.hpp"
#include "whatif/server_error.hpp"
#include "whatif/tree_check.hpp"
#include "whatif/tree_tools.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* Errors that a call of a stable function may have caused: not those of running out of something. */
bool MayBeStableCall(const ErrorData *error)
{
    switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
    {
    case ERRCODE_INSUFFICIENT_RESOURCES:
    case ERRCODE_OPERATOR_INTERVENTION:
    case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
        return false;
    default:
        return error->sqlerrcode != ERRCODE_LOCK_NOT_AVAILABLE;
    }
}

/* Replaces the query's tree by one without stable calls of constants; false if there are none. */
bool DropStableCalls(QueryState &query, MemoryContext context)
{
    bool replaced = false;
    Query *tree = query.query.tree;
    CallPg([&] {
        MemoryContext caller = MemoryContextSwitchTo(context);
        tree = WithoutStableCalls(tree, false, &replaced);
        MemoryContextSwitchTo(caller);
    });
    query.without_stable_calls = true;
    if (replaced)
        query.query.tree = tree;
    return replaced;
}

/* What is NULL for want of a setting becomes unknown. A call that fails here is left to the planner: see above. */
void LeaveSettingsOpen(PlannableQuery *query, MemoryContext context)
{
    Query *tree = query->tree;
    try
    {
        Sandbox({query->user, nullptr}, [&] {
            bool replaced = false;
            MemoryContext caller = MemoryContextSwitchTo(context);
            tree = WithoutStableCalls(tree, true, &replaced);
            MemoryContextSwitchTo(caller);
        });
        query->tree = tree;
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
    }
}

} // namespace

bool DropStableCallsAfter(const PgError &error, QueryState &query, MemoryContext context)
{
    if (error.IsInterrupt() || query.without_stable_calls || !MayBeStableCall(error.Data()) ||
        !DropStableCalls(query, context))
        return false;
    query.ForgetCosts();
    return true;
}

PlannerCost::State::State(Catalog &tables) : catalog(tables)
{
    CallPg([&] {
        keep = AllocSetContextCreateInternal(CurrentMemoryContext, "pg_advisor what-if", ALLOCSET_DEFAULT_SIZES);
        work = AllocSetContextCreateInternal(keep, "pg_advisor planner call", ALLOCSET_DEFAULT_SIZES);
        samples.context = AllocSetContextCreateInternal(keep, "pg_advisor rows", ALLOCSET_DEFAULT_SIZES);
        samples.reader = GetUserId();
    });
}

PlannerCost::State::~State()
{
    MemoryContextDelete(keep);
}

/* Counts down from the end of the range, past the rare relation that has such an OID. */
Oid PlannerCost::State::NextOid()
{
    do
        last_oid -= 1;
    while (CallPg([&] { return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(last_oid)); }));
    return last_oid;
}

const HiddenIndex &PlannerCost::State::Hidden(Oid index)
{
    const auto found = hidden.find(index);
    if (found != hidden.end())
        return found->second;

    Oid *parts = nullptr, *tables = nullptr;
    int count = 0;
    CallPg([&] {
        const char kind = get_rel_relkind(index);
        if (kind != RELKIND_INDEX && kind != RELKIND_PARTITIONED_INDEX)
            ereport(ERROR, (errcode(kind == '\0' ? ERRCODE_UNDEFINED_OBJECT : ERRCODE_WRONG_OBJECT_TYPE),
                            kind == '\0' ? errmsg("index with OID %u does not exist", index)
                                         : errmsg("\"%s\" is not an index", get_rel_name(index))));
        List *all = kind == RELKIND_PARTITIONED_INDEX ? find_all_inheritors(index, NoLock, nullptr)
                                                      : list_make1_oid(index);
        parts = static_cast<Oid *>(palloc(sizeof(Oid) * list_length(all)));
        tables = static_cast<Oid *>(palloc(sizeof(Oid) * list_length(all)));
        ListCell *cell;
        foreach (cell, all)
        {
            parts[count] = lfirst_oid(cell);
            tables[count++] = IndexGetRelation(lfirst_oid(cell), true);
        }
    });
    HiddenIndex entry;
    entry.parts.assign(parts, parts + count);
    entry.tables.assign(tables, tables + count);
    return hidden.emplace(index, std::move(entry)).first->second;
}

PlannerCost::PlannerCost(Catalog &catalog) : state_(std::make_unique<State>(catalog)) {}
PlannerCost::~PlannerCost() = default;

QueryId PlannerCost::AddQuery(const PlannableQuery &query)
{
    QueryState entry;
    Oid *relations = nullptr, *expanded = nullptr;
    int relation_count = 0, expanded_count = 0;
    bool calls = false;
    const MemoryContext keep = state_->keep;

    entry.query = query;
    try
    {
        Sandbox({query.user, nullptr}, [&] {
            VerifyTree(query.tree);
            MemoryContext caller = MemoryContextSwitchTo(keep);
            entry.query.tree = copyObject(query.tree);
            entry.query.tree->queryId = 0;
            calls = contain_mutable_functions(reinterpret_cast<Node *>(entry.query.tree));
            entry.query.text = pstrdup(query.text ? query.text : "");
            WeakenLocks(entry.query.tree);
            MemoryContextSwitchTo(caller);

            List *all_expanded = NIL;
            List *all = RelationsOf(entry.query.tree, &all_expanded);
            relations = static_cast<Oid *>(palloc(sizeof(Oid) * (list_length(all) + 1)));
            expanded = static_cast<Oid *>(palloc(sizeof(Oid) * (list_length(all_expanded) + 1)));
            ListCell *cell;
            foreach (cell, all)
                relations[relation_count++] = lfirst_oid(cell);
            foreach (cell, all_expanded)
                expanded[expanded_count++] = lfirst_oid(cell);
        });
    }
    catch (const PgError &error)
    {
        ThrowAsFailure(error);
    }
    if (calls)
        LeaveSettingsOpen(&entry.query, keep);
    entry.relations.assign(relations, relations + relation_count);
    entry.expanded.insert(expanded, expanded + expanded_count);
    state_->queries.push_back(std::move(entry));
    return state_->queries.size() - 1;
}

QueryFacts PlannerCost::State::Collect(QueryState &query)
{
    CountPlannerCall();
    try
    {
        return CollectFacts(query.query, catalog, CarriersNow());
    }
    catch (const PgError &error)
    {
        if (!DropStableCallsAfter(error, query, keep))
            ThrowAsFailure(error);
    }
    return CollectFacts(query.query, catalog, CarriersNow());
}

QueryFacts PlannerCost::Collect(QueryId id)
{
    QueryState &query = state_->Query(id);
    QueryFacts facts = state_->Collect(query);
    return state_->ObtainStatistics(facts) ? state_->Collect(query) : facts;
}

const Vector<Oid32> &PlannerCost::Relations(QueryId query) const
{
    return state_->Query(query).relations;
}

std::size_t PlannerCost::Queries() const
{
    return state_->queries.size();
}

const char *PlannerCost::Name(IndexId index) const
{
    return state_->indexes.at(index)->name;
}

Oid32 PlannerCost::OidOf(IndexId index) const
{
    return state_->indexes.at(index)->oid;
}

const Vector<Oid32> &PlannerCost::PartsOf(Oid32 index) const
{
    return state_->Hidden(index).parts;
}

std::size_t PlannerCost::PlannerCalls() const
{
    return state_->planner_calls;
}

void PlannerCost::State::CountPlannerCall()
{
    planner_calls++;
    if (progress != nullptr)
        progress->Change([&](store::ProgressData &data) { data.planner_calls++; });
}

void PlannerCost::ReportTo(store::Progress *progress)
{
    state_->progress = progress;
}

void PlannerCost::Report(const SearchProgress &news)
{
    if (state_->progress == nullptr)
        return;
    state_->progress->Change([&](store::ProgressData &data) {
        data.phase = static_cast<int32>(news.phase);
        data.candidates = static_cast<int64>(news.candidates);
        data.cost_before = news.cost_before.value_or(data.cost_before);
        if (news.cost && (data.cost_best < 0 || *news.cost < data.cost_best))
            data.cost_best = *news.cost;
    });
}

void PlannerCost::CheckInterrupts()
{
    pg_advisor::CheckInterrupts();
}

IndexId PlannerCost::Add(const IndexSpec &spec)
{
    HypotheticalIndex *index =
        BuildHypothetical(spec, state_->NextOid(), state_->keep, state_->StatisticsOf(spec), &state_->samples);
    state_->indexes.push_back(index);
    state_->by_oid.emplace(index->oid, state_->indexes.size() - 1);
    return state_->indexes.size() - 1;
}

IndexSize PlannerCost::Size(IndexId index)
{
    const HypotheticalIndex *entry = state_->indexes.at(index);
    return {entry->bytes, static_cast<double>(entry->height), entry->entries};
}

double PlannerCost::ScatteredPageCost() const
{
    return std::max(0.0, random_page_cost - seq_page_cost);
}

} // namespace pg_advisor::whatif
