/*
 * The recorder's decisions: see recorder.hpp for the rules of this file.
 */
#include "capture/recorder.hpp"

#include "boundary/attempt.hpp"
#include "capture/errors.hpp"
#include "capture/executions.hpp"
#include "capture/normalise.hpp"
#include "capture/pending.hpp"
#include "capture/plan_reader.hpp"
#include "capture/samples.hpp"
#include "capture/shadow_ids.hpp"
#include "capture/tree_writer.hpp"
#include "settings.hpp"

#include <ctime>

namespace pg_advisor::capture
{

int nesting = 0;

namespace
{

constexpr uint32 kAlwaysSampled = 4; /* first executions of a statement in a backend */

bool Tracked()
{
    if (IsParallelWorker() || !store::Available())
        return false;
    return settings::track == static_cast<int>(settings::Track::All) ||
           (settings::track == static_cast<int>(settings::Track::Top) && nesting == 0);
}

bool WantsScans(uint32 executions)
{
    if (executions < kAlwaysSampled || ((executions + 1) & executions) == 0)
        return settings::sample_rate > 0;
    return settings::sample_rate > 0 && pg_prng_double(&pg_global_prng_state) < settings::sample_rate;
}

void KeepText(Pending *slot, const char *text, int location, int length)
{
    int size;
    const char *normalised = RememberedText(slot->key.queryid, &size);
    slot->known.query = true;
    /* The scanner may refuse now what it took before: settings say how strings are read. */
    if (normalised == nullptr && !Attempt([&] { normalised = Normalise(text, location, length, nullptr, &size); }))
        store::CountDroppedSample();
    else
        store::Attach(slot->key, store::Part::Query, normalised, static_cast<uint32>(size), 0);
}

void KeepExample(Pending *slot, const char *text, int location, int length)
{
    const char *statement = CleanQuerytext(text, &location, &length);
    const int size = pg_mbcliplen(statement, length, kLongestText);
    store::Attach(slot->key, store::Part::Example, statement, static_cast<uint32>(size), 0);
    slot->known.example = true;
}

void AddUsage(store::Counters *counters, const Usage &usage)
{
    counters->shared_blks_hit += usage.shared_blks_hit;
    counters->shared_blks_read += usage.shared_blks_read;
    counters->shared_blks_dirtied += usage.shared_blks_dirtied;
    counters->shared_blks_written += usage.shared_blks_written;
    counters->temp_blks_read += usage.temp_blks_read;
    counters->temp_blks_written += usage.temp_blks_written;
    counters->wal_records += usage.wal_records;
    counters->wal_bytes += usage.wal_bytes;
}

uint64 QueryIdOf(QueryDesc *query_desc)
{
    const auto queryid = static_cast<uint64>(query_desc->plannedstmt->queryId);
    if (queryid != 0 || nesting == 0)
        return queryid;
    return FindShadowId(query_desc->plannedstmt, query_desc->sourceText);
}

bool Executes(QueryDesc *query_desc, int flags)
{
    return (flags & EXEC_FLAG_EXPLAIN_ONLY) == 0 && query_desc->plannedstmt->commandType != CMD_UTILITY;
}

/* The session is over: its last transaction aborts after AtExit, when the texts are no longer mapped. */
bool exiting = false;

extern "C" {

static void AtTransactionEvent(XactEvent event, void *)
{
    if (exiting)
        return;
    switch (event)
    {
        case XACT_EVENT_COMMIT:
        case XACT_EVENT_ABORT:
        case XACT_EVENT_PREPARE:
            ForgetAbove(0);
            if (!store::Available())
                break;
            FlushIfDue(GetCurrentTransactionStopTimestamp(), CountErrors());
            break;
        default:
            break;
    }
}

static void AtSubTransactionEvent(SubXactEvent event, SubTransactionId, SubTransactionId, void *)
{
    if (event == SUBXACT_EVENT_ABORT_SUB)
        ForgetAbove(GetCurrentTransactionNestLevel());
    else if (event == SUBXACT_EVENT_COMMIT_SUB)
        PassToParent(GetCurrentTransactionNestLevel());
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

/* What needs memory is set up here, where an error is harmless, and not in a commit callback. */
void PrepareBackend()
{
    static bool prepared = false;
    if (prepared)
        return;
    store::AttachTexts();
    before_shmem_exit(AtExit, static_cast<Datum>(0));
    prepared = true;
}

} // namespace

int64 NowNanoseconds()
{
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<int64>(now.tv_sec) * 1000000000 + now.tv_nsec;
}

void OnParseAnalyze(ParseState *state, Query *query, JumbleState *jumble)
{
    const auto queryid = static_cast<uint64>(query->queryId);
    if (!Tracked() || queryid == 0 || jumble == nullptr || query->utilityStmt != nullptr)
        return;
    Pending *slot = SlotFor(KeyFor(queryid, nesting == 0));
    if (slot == nullptr || slot->known.query)
        return;
    int length;
    if (RememberedText(queryid, &length) != nullptr)
        return;
    (void)Attempt([&] {
        char *text = Normalise(state->p_sourcetext, query->stmt_location, query->stmt_len, jumble, &length);
        RememberText(queryid, text, length);
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
    Pending *slot = SlotFor(KeyFor(queryid, nesting == 0));
    if (slot == nullptr)
        return 0;
    PrepareBackend();
    if (!slot->known.tree && !slot->tree_tried)
    {
        slot->tree_tried = true;
        KeepTree(slot->key, query);
    }
    return queryid;
}

void AfterPlan(uint64 queryid, int64 nanoseconds)
{
    Pending *slot = SlotFor(KeyFor(queryid, nesting == 0));
    if (slot == nullptr)
        return;
    slot->counters.plans++;
    slot->counters.plan_ns += nanoseconds;
    slot->dirty = true;
}

Ticket BeforeExecutorStart(QueryDesc *query_desc, int flags)
{
    Ticket ticket{};
    if (!Tracked() || !Executes(query_desc, flags))
        return ticket;
    const uint64 queryid = QueryIdOf(query_desc);
    if (queryid == 0)
        return ticket;
    const store::StatementKey key = KeyFor(queryid, nesting == 0);
    const Pending *slot = SlotFor(key);
    if (slot == nullptr)
        return ticket;
    PrepareBackend();
    ticket.key = key;
    ticket.sampled = WantsScans(slot->executions);
    if (ticket.sampled)
        query_desc->instrument_options |= INSTRUMENT_ROWS;
    return ticket;
}

void AfterExecutorStart(QueryDesc *query_desc, const Ticket &ticket)
{
    if (ticket.key.queryid == 0)
        return;
    Execution *execution = Open(query_desc);
    if (execution == nullptr)
        return;
    execution->key = ticket.key;
    execution->sampled = ticket.sampled;
}

void BeforeExecutorRun(QueryDesc *query_desc)
{
    Execution *execution = FindOpen(query_desc);
    if (execution == nullptr)
        return;
    execution->before = CurrentUsage();
    execution->started_ns = NowNanoseconds();
}

void AfterExecutorFinish(QueryDesc *query_desc)
{
    Execution *execution = FindOpen(query_desc);
    if (execution == nullptr)
        return;
    execution->ns += NowNanoseconds() - execution->started_ns;
    AddDifference(&execution->sum, execution->before, CurrentUsage());
}

void AfterExecutorRun(QueryDesc *query_desc)
{
    AfterExecutorFinish(query_desc);
    Execution *execution = FindOpen(query_desc);
    if (execution != nullptr)
        execution->rows += static_cast<int64>(query_desc->estate->es_processed);
}

void BeforeExecutorEnd(QueryDesc *query_desc)
{
    Execution *open = FindOpen(query_desc);
    if (open == nullptr)
        return;
    const Execution execution = *open;
    Close(open);

    Pending *slot = SlotFor(execution.key);
    if (slot == nullptr)
        return;
    slot->counters.rows += execution.rows;
    AddUsage(&slot->counters, execution.sum);
    CountExecution(slot, execution.ns);

    const PlannedStmt *statement = query_desc->plannedstmt;
    if (!slot->known.query)
        KeepText(slot, query_desc->sourceText, statement->stmt_location, statement->stmt_len);
    if (!slot->known.example && settings::sample_texts)
        KeepExample(slot, query_desc->sourceText, statement->stmt_location, statement->stmt_len);
    ConsiderSample(slot, execution);
    if (execution.sampled && query_desc->planstate != nullptr)
        ReadScans(execution);
}

void OnExecutorError(QueryDesc *query_desc)
{
    Execution *open = FindOpen(query_desc);
    if (open == nullptr)
        return;
    NoteError(open->key, geterrcode());
    Close(open);
}

void OnStartError(const Ticket &ticket)
{
    if (ticket.key.queryid != 0)
        NoteError(ticket.key, geterrcode());
}

bool WantsUtility(PlannedStmt *statement, const char *text, ProcessUtilityContext context, uint64 *queryid)
{
    /* EXECUTE counts as the statement it runs, as in pg_stat_statements; PREPARE runs nothing. */
    const Node *utility = statement->utilityStmt;
    if (!settings::track_utility || IsA(utility, ExecuteStmt) || IsA(utility, PrepareStmt) ||
        IsA(utility, DeallocateStmt) || !Tracked())
        return false;
    *queryid = static_cast<uint64>(statement->queryId);
    if (*queryid == 0 && context != PROCESS_UTILITY_SUBCOMMAND)
        *queryid = UtilityId(statement, text);
    if (*queryid == 0)
        return true;
    PrepareBackend();
    /* Should it fail there is no place to normalise the text of the row that counts the error. */
    const Pending *slot = SlotFor(KeyFor(*queryid, nesting == 0));
    int size;
    if (slot != nullptr && !slot->known.query && RememberedText(*queryid, &size) == nullptr)
        (void)Attempt([&] {
            const char *normalised = Normalise(text, statement->stmt_location, statement->stmt_len, nullptr, &size);
            RememberText(*queryid, normalised, size);
        });
    return true;
}

void AfterUtility(const char *text, uint64 queryid, int location, int length, int64 start_ns, uint64 rows,
                  const BufferUsage *buffers, const WalUsage *wal)
{
    const int64 ns = NowNanoseconds() - start_ns;
    Pending *slot = SlotFor(KeyFor(queryid, nesting == 0));
    if (slot == nullptr)
        return;
    const Usage before{buffers->shared_blks_hit,     buffers->shared_blks_read, buffers->shared_blks_dirtied,
                       buffers->shared_blks_written, buffers->temp_blks_read,   buffers->temp_blks_written,
                       wal->wal_records,             wal->wal_bytes};
    Usage usage{};
    AddDifference(&usage, before, CurrentUsage());
    slot->counters.rows += static_cast<int64>(rows);
    AddUsage(&slot->counters, usage);
    CountExecution(slot, ns);
    if (!slot->known.query)
        KeepText(slot, text, location, length);
}

void OnError(uint64 queryid)
{
    NoteError(KeyFor(queryid, nesting == 0), geterrcode());
}

void Install()
{
    RegisterXactCallback(AtTransactionEvent, nullptr);
    RegisterSubXactCallback(AtSubTransactionEvent, nullptr);
}

} // namespace pg_advisor::capture
