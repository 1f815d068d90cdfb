/*
 * The path of an execution whose statement is known. Every execution of every statement takes it, so it is inline in
 * the shims of boundary/hooks.cpp; what is not needed each time is in execution_recorder.cpp. See recorder.hpp for
 * the rules.
 */
#pragma once

#include "capture/executions.hpp"
#include "capture/recorder.hpp"
#include "capture/samples.hpp"
#include "capture/shadow_ids.hpp"

namespace pg_advisor::capture
{

/* One of the first executions, or one at a power of two. */
bool WantsFirstScans(Pending *slot, const PlannedStmt *statement);
/* When the distance has come to its end, or the rate is another one. */
bool DrawAgain();
extern HIDDEN double drawn_rate;
extern HIDDEN int64 distance_to_drawn; /* in executions */

/* The table was emptied or moved while the statement ran. False if there is no memory for it now. */
bool FindSlotAgain(Execution *execution);
/* What else shall be remembered of an execution that is counted. */
void Remember(Execution *ended, int64 ns, bool flush);

/* Called in PG_CATCH, before the error goes on: notes it, and takes no lock. */
void OnExecutorError(Execution *execution, const QueryDesc *query_desc);

inline bool Drawn()
{
    if (likely(drawn_rate == settings::sample_rate && --distance_to_drawn > 0))
        return false;
    return DrawAgain();
}

/* Counting rows is not free: where there is no scan most draws are not worth it, until the plan may have changed. */
inline constexpr uint8 kIdleDraws = 15;
inline bool PassedOver(Pending *slot)
{
    if (slot->idle_draws == 0 || settings::sample_rate >= 1)
        return false;
    slot->idle_draws--;
    return true;
}

inline bool WantsScans(Pending *slot, const PlannedStmt *statement)
{
    if (likely(slot->executions < slot->scans_at))
        return unlikely(Drawn()) && !PassedOver(slot);
    return WantsFirstScans(slot, statement);
}

inline uint64 QueryIdOf(const QueryDesc *query_desc)
{
    const auto queryid = static_cast<uint64>(query_desc->plannedstmt->queryId);
    if (likely(queryid != 0) || nesting == 0)
        return queryid;
    return FindShadowId(query_desc->plannedstmt, query_desc->sourceText);
}

/* Where this execution is counted, or nullptr. Told before ExecutorStart: it may ask for row counts. */
pg_attribute_always_inline Execution *BeforeExecutorStart(QueryDesc *query_desc, int flags)
{
    if (RecorderPause::Active() || !Tracked() || (flags & EXEC_FLAG_EXPLAIN_ONLY) != 0)
        return nullptr;
    const uint64 queryid = QueryIdOf(query_desc);
    if (unlikely(queryid == 0))
        return nullptr;
    Pending *slot = SlotFor(queryid, nesting == 0);
    if (unlikely(slot == nullptr))
        return nullptr;
    if (unlikely(!backend_prepared))
        PrepareBackend();
    Execution *execution = Open(query_desc, slot);
    if (unlikely(execution == nullptr))
        return nullptr;
    execution->sampled = WantsScans(slot, query_desc->plannedstmt);
    if (unlikely(execution->sampled))
        query_desc->instrument_options |= INSTRUMENT_ROWS;
    return execution;
}

/* Whether ExecutorFinish has anything to do: triggers to fire, or parts of the plan that have not run. */
inline bool FinishDoesWork(const QueryDesc *query_desc)
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

pg_attribute_always_inline void BeforeExecutorEnd(QueryDesc *query_desc)
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

} // namespace pg_advisor::capture
