/*
 * The executions that are open in this backend: cursors may be many, and they interleave.
 *
 * A fixed array, searched from the youngest. What an aborted subtransaction left behind is removed by
 * ForgetAbove. Block and WAL counts are differences of the backend's own totals around Run and Finish.
 */
#pragma once

#include "store/store.hpp"

namespace pg_advisor::capture
{

struct Usage
{
    int64 shared_blks_hit, shared_blks_read, shared_blks_dirtied, shared_blks_written;
    int64 temp_blks_read, temp_blks_written;
    int64 wal_records;
    uint64 wal_bytes;
};

struct Execution
{
    QueryDesc *query_desc;
    store::StatementKey key;
    int subtransaction;
    bool sampled;
    int64 started_ns;
    int64 ns;
    int64 rows;
    Usage before;
    Usage sum;
};

Usage CurrentUsage();
void AddDifference(Usage *sum, const Usage &before, const Usage &after);

/* nullptr when too many are open: that one is then not recorded. */
Execution *Open(QueryDesc *query_desc);
Execution *FindOpen(const QueryDesc *query_desc);
void Close(Execution *execution);
/* Forgets executions begun at this subtransaction nesting level or deeper. */
void ForgetAbove(int subtransaction);
/* What a committed subtransaction began belongs to its parent from then on. */
void PassToParent(int subtransaction);

} // namespace pg_advisor::capture
