/*
 * See observation.hpp.
 */
#include "workload/observation.hpp"

#include "boundary/guard.hpp"
#include "settings.hpp"
#include "store/store.hpp"

namespace pg_advisor
{

namespace
{

/* The latest of all resets. A crash empties the counters of tables without a word, but it marks those of the archiver
 * as new. */
TimestampTz CountedSince()
{
    TimestampTz since = static_cast<TimestampTz>(pg_atomic_read_u64(&store::shared->stats_reset));
    if (const PgStat_StatDBEntry *database = pgstat_fetch_stat_dbentry(MyDatabaseId))
        since = std::max(since, database->stat_reset_timestamp);
    return std::max(since, pgstat_fetch_stat_archiver()->stat_reset_timestamp);
}

/* Also a base backup or a subscriber: the sentence asks to look. A wrong answer for a moment does no harm. */
bool SomethingReplicates()
{
    for (int i = 0; i < max_wal_senders; i++)
        if (WalSndCtl->walsnds[i].pid != 0)
            return true;
    return false;
}

} // namespace

Observation Observe()
{
    Observation observation;
    if (store::shared == nullptr || settings::unused_index_after_min < 0)
        return observation;
    observation.unused_after = 60.0 * settings::unused_index_after_min;
    CallPg([&] {
        observation.seconds = static_cast<double>(GetCurrentTimestamp() - CountedSince()) / 1e6;
        observation.replicas = SomethingReplicates();
    });
    return observation;
}

} // namespace pg_advisor
