/*
 * The recorder: what happens at each hook of the planner and the executor.
 *
 * Called by the shims of boundary/hooks.cpp for every statement of every backend, so it obeys the hot-path
 * rules: no exception, no C++ allocation, no lock when the statement is known, and no way to make the
 * user's statement fail.
 */
#pragma once

#include "boundary/pg.hpp"
#include "settings.hpp"
#include "store/layout.hpp"

namespace pg_advisor::capture
{

/* While one lives, the recorder ignores this backend: the advisor's own planning is not workload. */
class RecorderPause
{
  public:
    RecorderPause() { ++depth_; }
    ~RecorderPause() { --depth_; }
    RecorderPause(const RecorderPause &) = delete;
    RecorderPause &operator=(const RecorderPause &) = delete;
    static bool Active() { return depth_ > 0; }

  private:
    static inline int depth_ = 0;
};

/*
 * Hook bodies. None raises an error.
 */
void OnParseAnalyze(ParseState *state, Query *query, JumbleState *jumble);
/* Returns the id the statement is recorded under, 0 if it is not. Times are ticks of capture/clock.hpp. */
uint64 BeforePlan(Query *query, const char *text);
void AfterPlan(uint64 queryid, int64 started);
/* What is being planned: planning nests, and only so deep is it told which statement failed. */
inline constexpr int kMostPlannings = 8;
struct Planning
{
    uint64 queryid;
    Oid userid;
    bool toplevel;
};
extern HIDDEN Planning plannings[kMostPlannings];
extern HIDDEN int planning_count; /* BeforePlan adds one, the shim takes it away */
/* In PG_CATCH: those from `outer` on have failed. */
void OnPlannerError(int outer);

/* In PG_CATCH, of a utility statement. Those of executions are in execution_recorder.hpp. */
void OnError(uint64 queryid);

/* Nesting of statements, kept by the shims around Run, Finish and ProcessUtility. */
extern HIDDEN int nesting;
/* What GetCurrentTransactionNestLevel says within a transaction: each execution asks for it twice. */
extern HIDDEN int transaction_level;
/* Shims on the stack that have no PG_TRY: if there are any when a transaction aborts, an error has passed them. */
extern HIDDEN int unguarded;

/* Whether statements of this level are recorded. */
inline bool Tracked()
{
    if (ParallelWorkerNumber >= 0)
        return false;
    return settings::track == static_cast<int>(settings::Track::All) ||
           (settings::track == static_cast<int>(settings::Track::Top) && nesting == 0);
}

/* Sets up, once, what needs memory, where an error is harmless and not in a commit callback. */
void PrepareBackend();
extern HIDDEN bool backend_prepared;

/*
 * Whether ProcessUtility runs something a level deeper, and the id it is recorded under: 0 for the parts of another
 * utility statement. And its result.
 */
bool WantsUtility(PlannedStmt *statement, const char *text, ProcessUtilityContext context, uint64 *queryid);
void AfterUtility(const char *text, uint64 queryid, int location, int length, int64 started, uint64 rows,
                  const BufferUsage *buffers, const WalUsage *wal);

void Install(); /* clock and transaction callbacks; called by _PG_init when preloaded */

} // namespace pg_advisor::capture
