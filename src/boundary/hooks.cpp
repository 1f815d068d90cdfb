/*
 * The shims of all hooks: chain to the previous one, keep the nesting count, call the body.
 *
 * C-style frames only: every local is trivially destructible, because the calls in between may longjmp.
 * Two sets: the what-if hooks (needed by advisor.what_if in any session) and the recorder's (only with
 * shared memory).
 */
#include "boundary/hooks.hpp"

#include "capture/execution_recorder.hpp"
#include "whatif/session.hpp"

namespace pg_advisor::hooks
{

namespace
{

/* Those that must run in any case: the previous hook or the server's own function. */
planner_hook_type next_planner;
ExecutorStart_hook_type next_start;
ExecutorRun_hook_type next_run;
ExecutorFinish_hook_type next_finish;
ExecutorEnd_hook_type next_end;
ProcessUtility_hook_type next_utility;
/* Those that may be none. */
get_relation_info_hook_type previous_relation_info;
get_index_stats_hook_type previous_index_stats;
set_rel_pathlist_hook_type previous_rel_pathlist;
join_search_hook_type previous_join_search;
set_join_pathlist_hook_type previous_join_pathlist;
explain_get_index_name_hook_type previous_index_name;
post_parse_analyze_hook_type previous_parse_analyze;
bool recording;

/* True where the recorder has to look at a statement of this backend. */
inline bool Recording()
{
    return recording && !capture::RecorderPause::Active();
}

/*
 * True where an error can only end in the abort of the whole transaction: in a client's backend outside of
 * subtransactions. What the shims would have to clean up is then cleaned up by the recorder's abort callback,
 * and the cost of sigsetjmp is saved (a tenth of recording).
 */
inline bool AbortsTransaction()
{
    return capture::transaction_level == 1 && MyBackendType == B_BACKEND;
}

extern "C" {

static pg_noinline PlannedStmt *GuardedPlanner(Query *parse, const char *query_string, int cursor_options,
                                               ParamListInfo params, bool world, int plannings)
{
    PlannedStmt *volatile result;
    const int nesting = capture::nesting;
    PG_TRY();
    {
        capture::nesting = nesting + 1;
        result = next_planner(parse, query_string, cursor_options, params);
    }
    PG_CATCH();
    {
        capture::nesting = nesting;
        whatif::LeavePlanner(world);
        capture::OnPlannerError(plannings);
        PG_RE_THROW();
    }
    PG_END_TRY();
    return result;
}

static PlannedStmt *Planner(Query *parse, const char *query_string, int cursor_options, ParamListInfo params)
{
    const bool world = whatif::EnterPlanner(parse);
    const int nesting = capture::nesting;
    const int plannings = capture::planning_count;
    const uint64 queryid = Recording() ? capture::BeforePlan(parse, query_string) : 0;
    const int64 start = queryid != 0 ? capture::NowTicks() : 0;
    PlannedStmt *result;

    if (AbortsTransaction() && !whatif::HasWorld())
    {
        capture::unguarded++;
        capture::nesting = nesting + 1;
        result = next_planner(parse, query_string, cursor_options, params);
        capture::unguarded--;
    }
    else
    {
        result = GuardedPlanner(parse, query_string, cursor_options, params, world, plannings);
    }
    capture::nesting = nesting;
    capture::planning_count = plannings;
    whatif::LeavePlanner(world);
    if (queryid != 0)
        capture::AfterPlan(queryid, start);
    return result;
}

static void RelationInfo(PlannerInfo *root, Oid relation, bool inheritance_parent, RelOptInfo *rel)
{
    if (previous_relation_info)
        previous_relation_info(root, relation, inheritance_parent, rel);
    whatif::OnRelationInfo(root, relation, inheritance_parent, rel);
}

static bool IndexStats(PlannerInfo *root, Oid index, AttrNumber column, VariableStatData *data)
{
    return whatif::OnIndexStatistics(root, index, column, data) ||
           (previous_index_stats && previous_index_stats(root, index, column, data));
}

static void RelPathlist(PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte)
{
    if (previous_rel_pathlist)
        previous_rel_pathlist(root, rel, rti, rte);
    whatif::OnRelPathlist(root, rel, rti, rte);
}

static RelOptInfo *JoinSearch(PlannerInfo *root, int levels, List *relations)
{
    whatif::OnJoinSearch(root);
    if (previous_join_search)
        return previous_join_search(root, levels, relations);
    if (enable_geqo && levels >= geqo_threshold)
        return geqo(root, levels, relations);
    return standard_join_search(root, levels, relations);
}

static void JoinPathlist(PlannerInfo *root, RelOptInfo *join, RelOptInfo *outer, RelOptInfo *inner, JoinType type,
                         JoinPathExtraData *extra)
{
    if (previous_join_pathlist)
        previous_join_pathlist(root, join, outer, inner, type, extra);
    whatif::OnJoinPathlist(outer, inner);
}

static const char *ExplainIndexName(Oid index)
{
    const char *name = whatif::OnExplainIndexName(index);
    if (name == nullptr && previous_index_name)
        name = previous_index_name(index);
    return name;
}

static void ParseAnalyze(ParseState *state, Query *query, JumbleState *jumble)
{
    if (previous_parse_analyze)
        previous_parse_analyze(state, query, jumble);
    if (Recording())
        capture::OnParseAnalyze(state, query, jumble);
}

static pg_noinline void GuardedStart(QueryDesc *query_desc, int flags, capture::Execution *execution)
{
    PG_TRY();
    {
        next_start(query_desc, flags);
    }
    PG_CATCH();
    {
        capture::OnExecutorError(execution, query_desc);
        PG_RE_THROW();
    }
    PG_END_TRY();
}

static void Start(QueryDesc *query_desc, int flags)
{
    capture::Execution *const execution = capture::BeforeExecutorStart(query_desc, flags);
    if (execution == nullptr)
    {
        next_start(query_desc, flags);
        return;
    }
    if (AbortsTransaction())
        next_start(query_desc, flags);
    else
        GuardedStart(query_desc, flags, execution);
    execution->active = false;
}

static pg_noinline void GuardedRun(EXECUTOR_RUN_PARAMS, capture::Execution *execution)
{
    const int outer = capture::nesting;
    const bool world = whatif::CloseWorld();

    PG_TRY();
    {
        capture::nesting = outer + 1;
        next_run(EXECUTOR_RUN_ARGS);
    }
    PG_CATCH();
    {
        capture::nesting = outer;
        if (execution != nullptr)
            capture::OnExecutorError(execution, query_desc);
        whatif::LeavePlanner(world);
        PG_RE_THROW();
    }
    PG_END_TRY();
    capture::nesting = outer;
    whatif::LeavePlanner(world);
}

static void Run(EXECUTOR_RUN_PARAMS)
{
    capture::Execution *const execution = capture::FindOpen(query_desc);
    const int outer = capture::nesting;

    if (execution != nullptr)
        capture::BeginRun(execution);
    if (AbortsTransaction() && !whatif::HasWorld())
    {
        capture::unguarded++;
        capture::nesting = outer + 1;
        next_run(EXECUTOR_RUN_ARGS);
        capture::nesting = outer;
        capture::unguarded--;
    }
    else
    {
        GuardedRun(EXECUTOR_RUN_ARGS, execution);
    }
    if (execution == nullptr)
        return;
    capture::EndRun(execution);
    execution->rows += static_cast<int64>(query_desc->estate->es_processed);
}

static pg_noinline void GuardedFinish(QueryDesc *query_desc)
{
    capture::Execution *const volatile execution = capture::FindOpen(query_desc);
    const volatile int outer = capture::nesting;

    if (execution != nullptr)
        capture::BeginRun(execution);
    PG_TRY();
    {
        capture::nesting = outer + 1;
        next_finish(query_desc);
    }
    PG_CATCH();
    {
        capture::nesting = outer;
        if (execution != nullptr)
            capture::OnExecutorError(execution, query_desc);
        PG_RE_THROW();
    }
    PG_END_TRY();
    capture::nesting = outer;
    if (execution != nullptr)
        capture::EndRun(execution);
}

static void Finish(QueryDesc *query_desc)
{
    if (unlikely(capture::FinishDoesWork(query_desc)))
        GuardedFinish(query_desc);
    else
        next_finish(query_desc);
}

static void End(QueryDesc *query_desc)
{
    capture::BeforeExecutorEnd(query_desc);
    next_end(query_desc);
}

static void Utility(PlannedStmt *statement, const char *text, bool read_only_tree, ProcessUtilityContext context,
                    ParamListInfo params, QueryEnvironment *environment, DestReceiver *destination,
                    QueryCompletion *completion)
{
    /* The statement itself may be freed by what it does (ROLLBACK, for one): keep what is needed. */
    uint64 id = 0;
    if (!Recording() || !capture::WantsUtility(statement, text, context, &id))
    {
        next_utility(statement, text, read_only_tree, context, params, environment, destination, completion);
        return;
    }

    const uint64 queryid = id;
    const int location = statement->stmt_location;
    const int length = statement->stmt_len;
    const BufferUsage buffers = pgBufferUsage;
    const WalUsage wal = pgWalUsage;
    const int64 start = capture::NowTicks();

    const int outer = capture::nesting;
    PG_TRY();
    {
        capture::nesting = outer + 1;
        next_utility(statement, text, read_only_tree, context, params, environment, destination, completion);
        capture::nesting = outer;
    }
    PG_CATCH();
    {
        capture::nesting = outer;
        if (queryid != 0)
            capture::OnError(queryid);
        PG_RE_THROW();
    }
    PG_END_TRY();
    if (queryid == 0)
        return;

    const bool counts_rows = completion != nullptr &&
                             (completion->commandTag == CMDTAG_COPY || completion->commandTag == CMDTAG_FETCH ||
                              completion->commandTag == CMDTAG_SELECT ||
                              completion->commandTag == CMDTAG_REFRESH_MATERIALIZED_VIEW);
    capture::AfterUtility(text, queryid, location, length, start, counts_rows ? completion->nprocessed : 0, &buffers,
                          &wal);
}

} // extern "C"

template <typename Hook> void Chain(Hook *hook, Hook ours, Hook *next, Hook standard = nullptr)
{
    *next = *hook != nullptr ? *hook : standard;
    *hook = ours;
}

} // namespace

void Install(bool with_recorder)
{
    recording = with_recorder;

    Chain(&planner_hook, Planner, &next_planner, standard_planner);
    Chain(&ExecutorRun_hook, Run, &next_run, standard_ExecutorRun);
    Chain(&get_relation_info_hook, RelationInfo, &previous_relation_info);
    Chain(&get_index_stats_hook, IndexStats, &previous_index_stats);
    Chain(&set_rel_pathlist_hook, RelPathlist, &previous_rel_pathlist);
    Chain(&join_search_hook, JoinSearch, &previous_join_search);
    Chain(&set_join_pathlist_hook, JoinPathlist, &previous_join_pathlist);
    Chain(&explain_get_index_name_hook, ExplainIndexName, &previous_index_name);
    if (!recording)
        return;
    Chain(&post_parse_analyze_hook, ParseAnalyze, &previous_parse_analyze);
    Chain(&ExecutorStart_hook, Start, &next_start, standard_ExecutorStart);
    Chain(&ExecutorFinish_hook, Finish, &next_finish, standard_ExecutorFinish);
    Chain(&ExecutorEnd_hook, End, &next_end, standard_ExecutorEnd);
    Chain(&ProcessUtility_hook, Utility, &next_utility, standard_ProcessUtility);
}

} // namespace pg_advisor::hooks
