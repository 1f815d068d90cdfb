/*
 * The recorder: what happens at each hook of the planner and the executor.
 *
 * Called by the shims of boundary/hooks.cpp for every statement of every backend, so it obeys the hot-path
 * rules: no exception, no C++ allocation, no lock when the statement is known, and no way to make the
 * user's statement fail.
 */
#pragma once

#include "boundary/pg.hpp"
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
/* Returns the id the statement is recorded under, 0 if it is not. */
uint64 BeforePlan(Query *query, const char *text);
void AfterPlan(uint64 queryid, int64 nanoseconds);

/* Decided before ExecutorStart, used after it; queryid 0: not recorded. */
struct Ticket
{
    store::StatementKey key;
    bool sampled;
};
Ticket BeforeExecutorStart(QueryDesc *query_desc, int flags);
void AfterExecutorStart(QueryDesc *query_desc, const Ticket &ticket);
void BeforeExecutorRun(QueryDesc *query_desc);
void AfterExecutorRun(QueryDesc *query_desc);
void AfterExecutorFinish(QueryDesc *query_desc);
void BeforeExecutorEnd(QueryDesc *query_desc);
/* Called in PG_CATCH, before the error goes on: notes it, and takes no lock. */
void OnExecutorError(QueryDesc *query_desc);
void OnStartError(const Ticket &ticket);
void OnError(uint64 queryid); /* of the planner or of a utility statement */

/* Nesting of statements, kept by the shims around Run, Finish and ProcessUtility. */
extern int nesting;

/*
 * Whether ProcessUtility runs something a level deeper, and the id it is recorded under: 0 for the parts of another
 * utility statement. And its result.
 */
bool WantsUtility(PlannedStmt *statement, const char *text, ProcessUtilityContext context, uint64 *queryid);
void AfterUtility(const char *text, uint64 queryid, int location, int length, int64 start_ns, uint64 rows,
                  const BufferUsage *buffers, const WalUsage *wal);

int64 NowNanoseconds();
void Install(); /* transaction and exit callbacks; called once per process by _PG_init */

} // namespace pg_advisor::capture
