/*
 * PlannerCost::Explain: EXPLAIN of a query under a configuration, never executed.
 *
 * ExplainOnePlan starts the executor in explain-only mode, which checks the privileges of the query's user
 * and opens no index. The whole happens in the sandbox.
 */
#include "whatif/planner_state.hpp"
#include "whatif/server_error.hpp"
#include "whatif/tree_tools.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* The text of EXPLAIN in `caller`'s context. */
char *ExplainText(const PlannableQuery &query, CallWorld *world, MemoryContext caller)
{
    List *expanded;
    world->query = copyObject(query.tree);
    LockOrFail(RelationsOf(world->query, &expanded));
    const bool generic = query.params == nullptr && HasParameters(world->query);
    PlannedStmt *plan = planner(world->query, query.text, CURSOR_OPT_PARALLEL_OK, query.params);
    if (generic)
        ForgetPruning(plan);

    ExplainState *state = NewExplainState();
    state->costs = true;
    state->format = EXPLAIN_FORMAT_TEXT;
    compat::ExplainGeneric(state, generic);
    ExplainBeginOutput(state);
    compat::ExplainPlan(plan, state, query.text, query.params);
    ExplainEndOutput(state);
    return MemoryContextStrdup(caller, state->str->data);
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

Vector<String> PlannerCost::Explain(QueryId id, const Configuration &configuration)
{
    /* Prices it first: that also finds out whether stable calls have to go. */
    (void)Cost(id, configuration);

    const QueryState &query = state_->Query(id);
    CallWorld world;
    Vector<HypotheticalIndex *> indexes;
    Vector<Oid> hidden;
    const char *text = nullptr;
    state_->Open(&world, state_->Relevant(query, configuration), &indexes, &hidden);

    Session session(&world);
    SandboxOptions options;
    options.user = query.query.user;
    const MemoryContext work = state_->work;
    MemoryContextReset(work);
    try
    {
        Sandbox(options, [&] {
            MemoryContext caller = MemoryContextSwitchTo(work);
            text = ExplainText(query.query, &world, caller);
            MemoryContextSwitchTo(caller);
        });
    }
    catch (const PgError &error)
    {
        ThrowAsFailure(error);
    }
    return Lines(text);
}

} // namespace pg_advisor::whatif
