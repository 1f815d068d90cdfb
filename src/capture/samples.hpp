/*
 * Which executions are remembered with their constants, and in what form.
 *
 * A statement with parameters keeps their values; one without keeps its text, from which they can be
 * analysed again. Kept are four usual executions (replaced ever more rarely, see samples.cpp)
 * and the extremes: fastest, slowest, fewest and most rows, so that advice serves the unlucky value too.
 */
#pragma once

#include "capture/executions.hpp"
#include "capture/pending.hpp"

namespace pg_advisor::capture
{

inline float MillisecondsOf(int64 ns) { return static_cast<float>(static_cast<double>(ns) / 1e6); }

/* Whether there is something about this execution to be remembered. */
inline bool WantsSample(const Pending *slot, int64 ns, int64 rows)
{
    return slot->executions >= slot->sample_at[0] || ns > slot->slower_than || ns < slot->faster_than ||
           rows > slot->more_than || rows < slot->less_than;
}

/* From what is known of the samples in the store. */
void SetSampleBounds(Pending *slot);

/* Whether the statement reads or writes a temporary table: to anybody else its names may mean other tables, and no index
 * that lasts is for it. True, too, where that cannot be told. */
bool UsesTemporary(const PlannedStmt *statement);

/* At the end of an execution, while its parameters are alive. `is_example`: its text is in the store already. */
void KeepSample(Pending *slot, const Execution &execution, int64 ns, bool is_example);

} // namespace pg_advisor::capture
