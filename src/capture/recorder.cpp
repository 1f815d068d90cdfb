/*
 * Parsing, planning, utility statements and the ends of transactions. See recorder.hpp for the rules.
 */
#include "capture/recorder.hpp"

#include "boundary/attempt.hpp"
#include "capture/errors.hpp"
#include "capture/executions.hpp"
#include "capture/first_texts.hpp"
#include "capture/query_ids.hpp"
#include "capture/shadow_ids.hpp"
#include "capture/tree_writer.hpp"
#include "settings.hpp"

namespace pg_advisor::capture
{

int nesting = 0;
int transaction_level = 1;
int unguarded = 0;
Planning plannings[kMostPlannings];
int planning_count = 0;
bool backend_prepared = false;

namespace
{

bool FlushIsDue()
{
    return table_dirty && last_ticks - last_flush >= FlushInterval();
}

/* The session is over: its last transaction aborts after AtExit, when the texts are no longer mapped. */
bool exiting = false;

extern "C" {

static int CurrentError()
{
    /* The error that aborts a transaction from outside of our hooks is still at hand, in a server that
     * keeps to the rules; one that does not costs its code, not the transaction. What ends the session is gone
     * by now: mostly it is this. */
    int sqlstate = proc_exit_inprogress ? ERRCODE_ADMIN_SHUTDOWN : ERRCODE_INTERNAL_ERROR;
    (void)Attempt([&] { sqlstate = geterrcode(); });
    return sqlstate;
}

static void NoteFailed(const Execution &execution)
{
    NoteError(execution.key, CurrentError());
}

static void NotePlanningsFailed(int outer, int sqlstate)
{
    while (planning_count > outer)
    {
        const Planning &planning = plannings[--planning_count];
        NoteError({planning.userid, MyDatabaseId, planning.queryid, planning.toplevel ? 1U : 0U, 0}, sqlstate);
    }
}

/* What the shims without PG_TRY would have put right: see hooks.cpp. */
static void AfterUnguardedError()
{
    NotePlanningsFailed(0, CurrentError());
    unguarded = nesting = 0;
}

static pg_noinline void EndTransaction(XactEvent event)
{
    if (exiting)
        return;
    if (unguarded > 0 && event == XACT_EVENT_ABORT)
        AfterUnguardedError();
    ForgetAbove(0, NoteFailed);
    if (noted_errors > 0)
        FlushIfDue(last_ticks, CountErrors());
    else if (FlushIsDue())
        FlushIfDue(last_ticks, false);
}

static void AtTransactionEvent(XactEvent event, void *)
{
    if (likely(event == XACT_EVENT_COMMIT))
    {
        if (unlikely(open_end > open_executions || noted_errors > 0 || FlushIsDue()))
            EndTransaction(event);
    }
    else if (event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
    {
        EndTransaction(event);
    }
    if (table_dirty)
        compat::HasCounts();
}

static void AtSubTransactionEvent(SubXactEvent event, SubTransactionId, SubTransactionId, void *)
{
    const int level = GetCurrentTransactionNestLevel();
    switch (event)
    {
        case SUBXACT_EVENT_START_SUB:
            transaction_level = level;
            break;
        case SUBXACT_EVENT_COMMIT_SUB:
            PassToParent(level);
            transaction_level = level - 1;
            break;
        case SUBXACT_EVENT_ABORT_SUB:
            ForgetAbove(level, NoteFailed);
            transaction_level = level - 1;
            break;
        default:
            break;
    }
}

/* Between transactions; without `nowait` the session is idle, and what its last transaction was too early for goes now.
 * Returns whether something is left. */
static bool FlushBetween(bool nowait)
{
    if (exiting)
        return false;
    if (!nowait)
        FlushAll();
    else if (FlushIsDue())
        FlushIfDue(last_ticks, false);
    return table_dirty;
}

static void AtExit(int, Datum)
{
    if (!store::Available())
        return;
    (void)CountErrors();
    FlushAll();
    store::DetachTexts();
    exiting = true;
}

} // extern "C"

bool WantsText(const Query *query)
{
    const auto queryid = static_cast<uint64>(query->queryId);
    if (!Tracked() || queryid == 0 || query->utilityStmt != nullptr)
        return false;
    const Pending *slot = SlotFor(queryid, nesting == 0);
    return slot != nullptr && !slot->known.text;
}

} // namespace

void PrepareBackend()
{
    if (backend_prepared)
        return;
    store::AttachTexts();
    before_shmem_exit(AtExit, static_cast<Datum>(0));
    backend_prepared = true;
}

void OnParseAnalyze(ParseState *state, Query *query, JumbleState *jumble)
{
    const char *text = state->p_sourcetext;
    const bool identified = IdentifyRemembered(query, text);
    if (identified && !WantsText(query))
        return;
    (void)Attempt([&] {
        JumbleState *found = identified ? jumble : IdentifyByServer(query, text);
        if (!identified && !WantsText(query))
            return;
        uint64 same;
        if (found == nullptr)
            found = JumbleCopy(query, text, &same);
        const Statement statement = StatementIn(text, query->stmt_location, query->stmt_len);
        (void)RememberText(static_cast<uint64>(query->queryId), statement, ConstantsOf(found, statement), true);
    });
}

uint64 BeforePlan(Query *query, const char *text)
{
    if (!Tracked() || query->commandType == CMD_UTILITY)
        return 0;
    auto queryid = static_cast<uint64>(query->queryId);
    if (queryid == 0 && nesting > 0 && !Attempt([&] { queryid = ShadowId(query, text); }))
        return 0;
    if (queryid == 0)
        return 0;
    Pending *slot = SlotFor(queryid, nesting == 0);
    if (slot == nullptr)
        return 0;
    PrepareBackend();
    if (!slot->known.tree && !slot->tree_tried)
    {
        slot->tree_tried = true;
        if (NeedsTree(query, text, nesting == 0))
        {
            LookUp(slot);
            if (!slot->known.tree)
                KeepTree(slot->key, query);
        }
    }
    if (planning_count < kMostPlannings)
        plannings[planning_count++] = Planning{queryid, slot->key.userid, nesting == 0};
    return queryid;
}

void OnPlannerError(int outer)
{
    NotePlanningsFailed(outer, geterrcode());
}

void AfterPlan(uint64 queryid, int64 started)
{
    last_ticks = NowTicks();
    Pending *slot = SlotFor(queryid, nesting == 0);
    if (slot == nullptr)
        return;
    slot->counters.plans++;
    slot->counters.plan_ns += ToNanoseconds(last_ticks - started);
    slot->dirty = table_dirty = true;
}

bool WantsUtility(PlannedStmt *statement, const char *text, ProcessUtilityContext context, uint64 *queryid)
{
    /* EXECUTE counts as the statement it runs, as in pg_stat_statements; PREPARE runs nothing. DEALLOCATE has the name in
     * its id before 17: a row for each. */
    const Node *utility = statement->utilityStmt;
    if (!settings::track_utility || IsA(utility, ExecuteStmt) || IsA(utility, PrepareStmt) ||
        (IsA(utility, DeallocateStmt) && compat::kNamesPreparedInId) || !Tracked())
        return false;
    *queryid = static_cast<uint64>(statement->queryId);
    if (*queryid == 0 && context != PROCESS_UTILITY_SUBCOMMAND)
        *queryid = UtilityId(statement, text);
    if (*queryid == 0)
        return true;
    PrepareBackend();
    /* Should it fail there is no place to normalise the text of the row that counts the error. */
    Pending *slot = SlotFor(*queryid, nesting == 0);
    if (slot == nullptr)
        return true;
    LookUp(slot);
    if (!slot->known.text)
        (void)TextOf(*queryid, text, statement->stmt_location, statement->stmt_len, false);
    return true;
}

void AfterUtility(const char *text, uint64 queryid, int location, int length, int64 started, uint64 rows,
                  const BufferUsage *buffers, const WalUsage *wal)
{
    last_ticks = NowTicks();
    Pending *slot = SlotFor(queryid, nesting == 0);
    if (slot == nullptr)
        return;
    store::Usage usage{buffers->shared_blks_hit,     buffers->shared_blks_read, buffers->shared_blks_dirtied,
                       buffers->shared_blks_written, buffers->temp_blks_read,   buffers->temp_blks_written,
                       wal->wal_records,             wal->wal_bytes};
    slot->counters.rows += static_cast<int64>(rows);
    SwitchMeter(&usage);
    slot->counters.usage.Add(usage);
    const bool flush = CountExecution(slot, ToNanoseconds(last_ticks - started));
    if (!slot->known.text && !slot->text_tried)
    {
        slot->text_tried = true;
        FlushSlot(slot, TextOf(queryid, text, location, length, false)); /* it may hold a password */
    }
    else if (flush)
    {
        FlushSlot(slot, nullptr);
    }
}

void OnError(uint64 queryid)
{
    NoteError(KeyFor(queryid, nesting == 0), geterrcode());
}

void Install()
{
    StartClock();
    RegisterXactCallback(AtTransactionEvent, nullptr);
    RegisterSubXactCallback(AtSubTransactionEvent, nullptr);
    compat::CallWhenIdle(FlushBetween);
}

} // namespace pg_advisor::capture
