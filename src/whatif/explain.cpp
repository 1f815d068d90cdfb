/*
 * PlannerCost::Explain and Usage: EXPLAIN of a query under a configuration, never executed.
 *
 * ExplainOnePlan starts the executor in explain-only mode, which checks the privileges of the query's user
 * and opens no index. The whole happens in the sandbox.
 */
#include "whatif/index_usage.hpp"
#include "whatif/planner_state.hpp"
#include "whatif/server_error.hpp"
#include "whatif/tree_tools.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* A world whose EXPLAIN marks the names of some indexes. */
struct UsageWorld : CallWorld
{
    const Oid *wanted = nullptr;
    int wanted_count = 0;
    const char *wanted_name = nullptr;
};

const char *MarkWanted(World *world, Oid index)
{
    const auto *call = static_cast<UsageWorld *>(world);
    if (std::find(call->wanted, call->wanted + call->wanted_count, index) == call->wanted + call->wanted_count)
        return nullptr;
    return MarkedName(call->wanted_name != nullptr ? call->wanted_name : get_rel_name(index));
}

char *ExplainText(const PlannableQuery &query, CallWorld *world, Explanation what)
{
    List *expanded;
    world->query = copyObject(query.tree);
    LockOrFail(RelationsOf(world->query, &expanded));
    const bool generic = query.params == nullptr && HasParameters(world->query);
    PlannedStmt *plan = planner(world->query, query.text, CURSOR_OPT_PARALLEL_OK, query.params);
    if (generic)
        ForgetPruning(plan);
    if (what == Explanation::Usage)
        HideValues(plan, query.params);

    ExplainState *state = NewExplainState();
    state->costs = true;
    state->format = what == Explanation::Usage ? EXPLAIN_FORMAT_JSON : EXPLAIN_FORMAT_TEXT;
    compat::ExplainGeneric(state, generic);
    ExplainBeginOutput(state);
    compat::ExplainPlan(plan, state, query.text, query.params);
    ExplainEndOutput(state);
    return what == Explanation::Usage ? ReadUsage(state->str->data) : state->str->data;
}

Vector<String> Lines(std::string_view text)
{
    Vector<String> lines;
    while (!text.empty())
    {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

} // namespace

const char *PlannerCost::State::Explain(const QueryState &query, CallWorld *world, Explanation what)
{
    Session session(world);
    SandboxOptions options;
    options.user = query.query.user;
    const char *text = nullptr;
    MemoryContextReset(work);
    try
    {
        Sandbox(options, [&] {
            MemoryContext caller = MemoryContextSwitchTo(work);
            text = ExplainText(query.query, world, what);
            MemoryContextSwitchTo(caller);
        });
    }
    catch (const PgError &error)
    {
        ThrowAsFailure(error);
    }
    return text;
}

Vector<String> PlannerCost::Explain(QueryId id, const Configuration &configuration)
{
    /* Prices it first: that also finds out whether stable calls have to go. */
    (void)Cost(id, configuration);

    const QueryState &query = state_->Query(id);
    CallWorld world;
    Vector<HypotheticalIndex *> indexes;
    Vector<Oid> hidden;
    state_->Open(&world, state_->Relevant(query, configuration), &indexes, &hidden);
    return Lines(state_->Explain(query, &world, Explanation::Lines));
}

String PlannerCost::Usage(QueryId id, const Configuration &configuration, const WantedIndexes &wanted)
{
    (void)Cost(id, configuration);

    const QueryState &query = state_->Query(id);
    UsageWorld world;
    Vector<HypotheticalIndex *> indexes;
    Vector<Oid> hidden;
    state_->Open(&world, state_->Relevant(query, configuration), &indexes, &hidden);
    world.name = MarkWanted;
    world.wanted = wanted.oids.data();
    world.wanted_count = static_cast<int>(wanted.oids.size());
    world.wanted_name = wanted.name.empty() ? nullptr : wanted.name.c_str();
    return state_->Explain(query, &world, Explanation::Usage);
}

} // namespace pg_advisor::whatif
