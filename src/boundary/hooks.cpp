/*
 * The shims of all hooks: chain to the previous one, keep the nesting count, call the body.
 *
 * C-style frames only: every local is trivially destructible, because the calls in between may longjmp.
 * Two sets: the what-if hooks (needed by advisor.what_if in any session) and the recorder's (only with
 * shared memory).
 */
#include "boundary/hooks.hpp"

#include "capture/recorder.hpp"
#include "whatif/session.hpp"

namespace pg_advisor::hooks
{

namespace
{

planner_hook_type previous_planner;
get_relation_info_hook_type previous_relation_info;
set_rel_pathlist_hook_type previous_rel_pathlist;
explain_get_index_name_hook_type previous_index_name;
post_parse_analyze_hook_type previous_parse_analyze;
ExecutorStart_hook_type previous_start;
ExecutorRun_hook_type previous_run;
ExecutorFinish_hook_type previous_finish;
ExecutorEnd_hook_type previous_end;
ProcessUtility_hook_type previous_utility;
bool recording;

/* True where the recorder has to look at a statement of this backend. */
inline bool Recording()
{
    return recording && !capture::RecorderPause::Active();
}

extern "C" {

static PlannedStmt *Planner(Query *parse, const char *query_string, int cursor_options, ParamListInfo params)
{
    PlannedStmt *volatile result;
    const bool world = whatif::EnterPlanner(parse);
    const uint64 queryid = Recording() ? capture::BeforePlan(parse, query_string) : 0;
    const bool recorded = queryid != 0;
    const int64 start = recorded ? capture::NowNanoseconds() : 0;
    capture::nesting++;
    PG_TRY();
    {
        result = (previous_planner ? previous_planner : standard_planner)(parse, query_string, cursor_options, params);
    }
    PG_CATCH();
    {
        capture::nesting--;
        whatif::LeavePlanner(world);
        if (recorded)
            capture::OnError(queryid);
        PG_RE_THROW();
    }
    PG_END_TRY();
    capture::nesting--;
    whatif::LeavePlanner(world);
    if (recorded)
        capture::AfterPlan(queryid, capture::NowNanoseconds() - start);
    return result;
}

static void RelationInfo(PlannerInfo *root, Oid relation, bool inheritance_parent, RelOptInfo *rel)
{
    if (previous_relation_info)
        previous_relation_info(root, relation, inheritance_parent, rel);
    whatif::OnRelationInfo(root, relation, inheritance_parent, rel);
}

static void RelPathlist(PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte)
{
    if (previous_rel_pathlist)
        previous_rel_pathlist(root, rel, rti, rte);
    whatif::OnRelPathlist(root, rel, rti, rte);
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

static void Start(QueryDesc *query_desc, int flags)
{
    const capture::Ticket ticket = Recording() ? capture::BeforeExecutorStart(query_desc, flags) : capture::Ticket{};

    PG_TRY();
    {
        (previous_start ? previous_start : standard_ExecutorStart)(query_desc, flags);
    }
    PG_CATCH();
    {
        capture::OnStartError(ticket);
        PG_RE_THROW();
    }
    PG_END_TRY();
    capture::AfterExecutorStart(query_desc, ticket);
}

static void Run(EXECUTOR_RUN_PARAMS)
{
    const volatile bool recorded = Recording();
    const volatile bool world = whatif::CloseWorld();
    if (recorded)
        capture::BeforeExecutorRun(query_desc);
    capture::nesting++;
    PG_TRY();
    {
        (previous_run ? previous_run : standard_ExecutorRun)(EXECUTOR_RUN_ARGS);
        capture::nesting--;
    }
    PG_CATCH();
    {
        capture::nesting--;
        if (recorded)
            capture::OnExecutorError(query_desc);
        whatif::LeavePlanner(world);
        PG_RE_THROW();
    }
    PG_END_TRY();
    whatif::LeavePlanner(world);
    if (recorded)
        capture::AfterExecutorRun(query_desc);
}

static void Finish(QueryDesc *query_desc)
{
    const volatile bool recorded = Recording();
    if (recorded)
        capture::BeforeExecutorRun(query_desc);
    capture::nesting++;
    PG_TRY();
    {
        (previous_finish ? previous_finish : standard_ExecutorFinish)(query_desc);
        capture::nesting--;
    }
    PG_CATCH();
    {
        capture::nesting--;
        if (recorded)
            capture::OnExecutorError(query_desc);
        PG_RE_THROW();
    }
    PG_END_TRY();
    if (recorded)
        capture::AfterExecutorFinish(query_desc);
}

static void End(QueryDesc *query_desc)
{
    if (Recording())
        capture::BeforeExecutorEnd(query_desc);
    (previous_end ? previous_end : standard_ExecutorEnd)(query_desc);
}

static void CallUtility(PlannedStmt *statement, const char *text, bool read_only_tree, ProcessUtilityContext context,
                        ParamListInfo params, QueryEnvironment *environment, DestReceiver *destination,
                        QueryCompletion *completion)
{
    (previous_utility ? previous_utility : standard_ProcessUtility)(statement, text, read_only_tree, context, params,
                                                                    environment, destination, completion);
}

static void Utility(PlannedStmt *statement, const char *text, bool read_only_tree, ProcessUtilityContext context,
                    ParamListInfo params, QueryEnvironment *environment, DestReceiver *destination,
                    QueryCompletion *completion)
{
    /* The statement itself may be freed by what it does (ROLLBACK, for one): keep what is needed. */
    uint64 id = 0;
    if (!Recording() || !capture::WantsUtility(statement, text, context, &id))
    {
        CallUtility(statement, text, read_only_tree, context, params, environment, destination, completion);
        return;
    }

    const uint64 queryid = id;
    const int location = statement->stmt_location;
    const int length = statement->stmt_len;
    const BufferUsage buffers = pgBufferUsage;
    const WalUsage wal = pgWalUsage;
    const int64 start = capture::NowNanoseconds();

    capture::nesting++;
    PG_TRY();
    {
        CallUtility(statement, text, read_only_tree, context, params, environment, destination, completion);
        capture::nesting--;
    }
    PG_CATCH();
    {
        capture::nesting--;
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

} // namespace

void Install(bool with_recorder)
{
    recording = with_recorder;

    previous_planner = planner_hook;
    planner_hook = Planner;
    previous_relation_info = get_relation_info_hook;
    get_relation_info_hook = RelationInfo;
    previous_rel_pathlist = set_rel_pathlist_hook;
    set_rel_pathlist_hook = RelPathlist;
    previous_index_name = explain_get_index_name_hook;
    explain_get_index_name_hook = ExplainIndexName;
    previous_run = ExecutorRun_hook;
    ExecutorRun_hook = Run;
    if (!recording)
        return;
    previous_parse_analyze = post_parse_analyze_hook;
    post_parse_analyze_hook = ParseAnalyze;
    previous_start = ExecutorStart_hook;
    ExecutorStart_hook = Start;
    previous_finish = ExecutorFinish_hook;
    ExecutorFinish_hook = Finish;
    previous_end = ExecutorEnd_hook;
    ExecutorEnd_hook = End;
    previous_utility = ProcessUtility_hook;
    ProcessUtility_hook = Utility;
}

} // namespace pg_advisor::hooks
