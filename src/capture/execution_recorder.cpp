/*
 * Executions: what is decided before one starts, and counted when it ends. See recorder.hpp for the rules.
 *
 * Every execution of every statement passes here: what is not needed each time is in functions of its own.
 */
#include "capture/recorder.hpp"

#include "capture/errors.hpp"
#include "capture/executions.hpp"
#include "capture/first_texts.hpp"
#include "capture/plan_reader.hpp"
#include "capture/samples.hpp"
#include "capture/shadow_ids.hpp"
#include "settings.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr uint32 kScansAlways = 4; /* executions of a statement in a backend whose scans are all counted */
/*
 * Scans of a statement that this backend executes for the first time are counted if its estimated cost is at
 * least this: more than one page. Reading less is no hotspot, and often there is no second execution.
 */
constexpr double kWorthALook = 2.0;

/* Executions until the next one that is drawn: geometric, as if each were drawn with the rate. */
int64 DrawDistance()
{
    if (settings::sample_rate >= 1)
        return 1;
    const double uniform = 1.0 - pg_prng_double(&pg_global_prng_state); /* (0, 1] */
    return 1 + static_cast<int64>(std::min(1e12, std::log(uniform) / std::log1p(-settings::sample_rate)));
}

bool Drawn()
{
    static double rate = -1;
    static int64 distance = 0;
    if (rate != settings::sample_rate)
    {
        rate = settings::sample_rate;
        distance = rate > 0 ? DrawDistance() : PG_INT64_MAX;
    }
    if (--distance > 0)
        return false;
    distance = DrawDistance();
    return true;
}

/* A LIMIT hides what the scan below it could read. */
inline double CostOf(const PlannedStmt *statement)
{
    const Plan *plan = statement->planTree;
    return IsA(plan, Limit) && plan->lefttree != nullptr ? plan->lefttree->total_cost : plan->total_cost;
}

/* Counting rows is not free: where there is no scan most draws are not worth it, until the plan may have changed. */
constexpr uint8 kIdleDraws = 15;
inline bool PassedOver(Pending *slot)
{
    if (slot->idle_draws == 0 || settings::sample_rate >= 1)
        return false;
    slot->idle_draws--;
    return true;
}

/* The first executions, those at powers of two, and some drawn at random. */
inline bool WantsScans(Pending *slot, const PlannedStmt *statement)
{
    if (slot->executions < slot->scans_at)
        return Drawn() && !PassedOver(slot);
    if (settings::sample_rate <= 0)
        return false;
    if (slot->executions == 0 && CostOf(statement) < kWorthALook)
        return Drawn();
    slot->scans_at =
        slot->executions + 1 < kScansAlways ? slot->executions + 1 : pg_nextpower2_32(slot->executions + 2) - 1;
    return true;
}

inline uint64 QueryIdOf(const QueryDesc *query_desc)
{
    const auto queryid = static_cast<uint64>(query_desc->plannedstmt->queryId);
    if (likely(queryid != 0) || nesting == 0)
        return queryid;
    return FindShadowId(query_desc->plannedstmt, query_desc->sourceText);
}

/* Sends the statement's text, and the counts with it. */
void KeepFirstText(Pending *slot, const Execution &execution, int64 ns)
{
    const PlannedStmt *statement = execution.query_desc->plannedstmt;
    const store::TextData *found = TextOf(slot->key.queryid, execution.query_desc->sourceText,
                                          statement->stmt_location, statement->stmt_len, true);
    slot->text_tried = true;
    if (found == nullptr)
    {
        FlushSlot(slot, nullptr);
        return;
    }
    store::TextData text = *found;
    text.path = namespace_search_path;
    text.path_size = static_cast<uint32>(strlen(namespace_search_path));
    text.ms = MillisecondsOf(ns);
    text.rows = static_cast<double>(execution.rows);
    FlushSlot(slot, &text);
}

/* The table was emptied or moved while the statement ran. False if there is no memory for it now. */
pg_noinline bool FindSlotAgain(Execution *execution)
{
    execution->slot = SlotFor(execution->key);
    execution->epoch = table_epoch;
    if (execution->slot != nullptr)
        return true;
    Close(execution);
    return false;
}

/* What else shall be remembered of an execution that is counted. */
pg_noinline void Remember(Execution *ended, int64 ns, bool flush)
{
    const Execution &execution = *ended;
    Pending *slot = execution.slot;
    slot->known.example_taken = false;
    if (!slot->text_tried && (!slot->known.text || (!slot->known.example && settings::sample_texts)))
        KeepFirstText(slot, execution, ns);
    else if (flush)
        FlushSlot(slot, nullptr);
    if (WantsSample(slot, ns, execution.rows))
        KeepSample(slot, execution, ns, slot->known.example_taken);
    if (execution.sampled && execution.query_desc->planstate != nullptr && !ReadScans(execution))
    {
        slot->idle_draws = kIdleDraws;
        slot->counters.sampled_calls++;
        slot->dirty = table_dirty = true;
    }
}

} // namespace

Execution *BeforeExecutorStart(QueryDesc *query_desc, int flags)
{
    if (!Tracked() || (flags & EXEC_FLAG_EXPLAIN_ONLY) != 0)
        return nullptr;
    const uint64 queryid = QueryIdOf(query_desc);
    if (queryid == 0)
        return nullptr;
    Pending *slot = SlotFor(KeyFor(queryid, nesting == 0));
    if (slot == nullptr)
        return nullptr;
    if (unlikely(!backend_prepared))
        PrepareBackend();
    Execution *execution = Open(query_desc, slot);
    if (execution == nullptr)
        return nullptr;
    execution->sampled = WantsScans(slot, query_desc->plannedstmt);
    if (execution->sampled)
        query_desc->instrument_options |= INSTRUMENT_ROWS;
    return execution;
}

bool FinishDoesWork(const QueryDesc *query_desc)
{
    const EState *estate = query_desc->estate;
    if (estate->es_auxmodifytables != nullptr)
        return true;
    if ((estate->es_top_eflags & EXEC_FLAG_SKIP_TRIGGERS) != 0)
        return false;
    /* Triggers may be those of a partition or of a parent, too: without any there is nothing queued. */
    if (estate->es_tuple_routing_result_relations != nullptr || estate->es_trig_target_relations != nullptr)
        return true;
    for (int i = 0; i < list_length(estate->es_opened_result_relations); i++)
        if (static_cast<ResultRelInfo *>(list_nth(estate->es_opened_result_relations, i))->ri_TrigDesc != nullptr)
            return true;
    return false;
}

void BeforeExecutorEnd(QueryDesc *query_desc)
{
    Execution *execution = FindOpen(query_desc);
    if (execution == nullptr)
        return;
    if (unlikely(execution->epoch != table_epoch) && !FindSlotAgain(execution))
        return;
    Pending *slot = execution->slot;
    const int64 ns = ToNanoseconds(execution->ticks);
    slot->counters.rows += execution->rows;
    slot->counters.usage.Add(execution->usage);
    const bool flush = CountExecution(slot, ns);
    if (unlikely(flush || execution->sampled || !slot->known.text || WantsSample(slot, ns, execution->rows)))
        Remember(execution, ns, flush);
    Close(execution);
}

void OnExecutorError(Execution *execution, const QueryDesc *query_desc)
{
    if (execution->query_desc != query_desc)
        return;
    NoteError(execution->key, geterrcode());
    Close(execution);
}

} // namespace pg_advisor::capture
