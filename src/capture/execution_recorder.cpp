/*
 * What executions do not need each time: see execution_recorder.hpp.
 */
#include "capture/execution_recorder.hpp"

#include "capture/errors.hpp"
#include "capture/first_texts.hpp"
#include "capture/plan_reader.hpp"
#include "capture/row_reader.hpp"
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

/* A LIMIT hides what the scan below it could read. */
inline double CostOf(const PlannedStmt *statement)
{
    const Plan *plan = statement->planTree;
    return IsA(plan, Limit) && plan->lefttree != nullptr ? plan->lefttree->total_cost : plan->total_cost;
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
    text.ms = UsesTemporary(statement) ? -1 : MillisecondsOf(ns); /* -1: no example */
    text.rows = static_cast<double>(execution.rows);
    FlushSlot(slot, &text);
}

} // namespace

double drawn_rate = -1;
int64 distance_to_drawn = 0;

bool DrawAgain()
{
    if (drawn_rate != settings::sample_rate)
    {
        drawn_rate = settings::sample_rate;
        distance_to_drawn = drawn_rate > 0 ? DrawDistance() : PG_INT64_MAX;
        if (--distance_to_drawn > 0)
            return false;
    }
    distance_to_drawn = DrawDistance();
    return true;
}

bool WantsFirstScans(Pending *slot, const PlannedStmt *statement)
{
    if (settings::sample_rate <= 0)
        return false;
    if (slot->executions == 0 && CostOf(statement) < kWorthALook)
        return Drawn();
    slot->scans_at =
        slot->executions + 1 < kScansAlways ? slot->executions + 1 : pg_nextpower2_32(slot->executions + 2) - 1;
    return true;
}

bool FindSlotAgain(Execution *execution)
{
    execution->slot = SlotFor(execution->key);
    execution->epoch = table_epoch;
    if (execution->slot != nullptr)
        return true;
    Close(execution);
    return false;
}

void Remember(Execution *ended, int64 ns, bool flush)
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
    if (!execution.sampled || execution.query_desc->planstate == nullptr)
        return;
    ReadRows(execution, slot->known.rows);
    if (!ReadScans(execution))
    {
        slot->idle_draws = kIdleDraws;
        slot->counters.sampled_calls++;
        slot->dirty = table_dirty = true;
    }
}

void OnExecutorError(Execution *execution, const QueryDesc *query_desc)
{
    if (execution->query_desc != query_desc)
        return;
    NoteError(execution->key, geterrcode());
    Close(execution);
}

} // namespace pg_advisor::capture
