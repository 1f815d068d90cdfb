-- Index that nothing uses
--
-- category: index
-- severity: notice
-- inputs: tables, indexes
-- what: An index that no scan has used for min_days days, on a table that is read and written.
-- why: Every write maintains it, and it takes room on disk, in backups and in the cache.
-- detection: No scan of it, in no partition, since statistics were reset, which is at least min_days days ago; PostgreSQL 16
--   and later also tell when the last scan was, which then has to be so long ago (unless min_days is 0). At least
--   min_bytes in size; at least min_scans scans of its table in that time. Not what guarantees uniqueness or backs a constraint,
--   the replica identity, what CLUSTER goes by, the only index that finds a foreign key, an index on an
--   expression (the planner uses its statistics), or one that index-duplicate and its kin report. advisor.suggest_indexes()
--   judges by the same routine.
-- caution: Scans are counted on each server alone: look at pg_stat_user_indexes on every standby. Jobs of the end of a
--   quarter or a year may need it. The catalogs do not say when an index was created: a new one has had less
--   time (with track_commit_timestamp those younger than min_days are left out).
-- fix: DROP INDEX CONCURRENTLY, which waits for running transactions and blocks nobody. On a partitioned table it
--   has to be a plain DROP INDEX, under a short lock_timeout. The undo builds the index again.
-- threshold: min_days 30 days that statistics have to cover
-- threshold: min_bytes 10485760 bytes from which an index is reported
-- threshold: min_scans 1000 scans of the table without which nothing is known of its queries
WITH watched AS ( -- after a crash all counters begin anew, and those of the background writer say when
    SELECT greatest(b.stats_reset, d.stats_reset) AS since,
           extract(epoch FROM now() - greatest(b.stats_reset, d.stats_reset)) / 86400 AS days
    FROM pg_stat_bgwriter b, pg_stat_database d
    WHERE d.datname = current_database()
), candidates AS (
    SELECT i.indexrelid FROM indexes i JOIN tables t ON t.relid = i.relid, watched w
    WHERE w.days >= :min_days AND (i.scans = 0 OR :min_days > 0) AND i.bytes >= :min_bytes
      AND t.seq_scans + t.idx_scans >= :min_scans
), idle AS MATERIALIZED ( -- before 16 there is no such column
    SELECT c.indexrelid, l.last_scan
    FROM candidates c JOIN indexes i ON i.indexrelid = c.indexrelid, LATERAL (
        SELECT max((to_jsonb(s) ->> 'last_idx_scan')::timestamptz) AS last_scan FROM pg_stat_all_indexes s
        WHERE i.scans > 0 AND s.indexrelid IN (SELECT c.indexrelid UNION ALL SELECT p.relid FROM pg_partition_tree(c.indexrelid) p)) l
    WHERE i.scans = 0 OR l.last_scan <= now() - make_interval(secs => 86400 * :min_days)
), expendable AS MATERIALIZED (
    SELECT u.indexrelid::oid AS indexrelid
    FROM advisor.expendable_indexes(ARRAY(SELECT DISTINCT i.relid::regclass FROM indexes i JOIN idle c ON c.indexrelid = i.indexrelid)) u (indexrelid)
), unused AS (
    SELECT i.*, t.identity AS table_identity, t.inserts, t.updates - t.hot_updates AS cold_updates,
           t.seq_scans + t.idx_scans AS table_scans, w.since, c.last_scan,
           coalesce(extract(epoch FROM now() - c.last_scan) / 86400, w.days) AS idle_days
    FROM idle c JOIN expendable d ON d.indexrelid = c.indexrelid JOIN indexes i ON i.indexrelid = c.indexrelid
    JOIN tables t ON t.relid = i.relid JOIN pg_index x ON x.indexrelid = i.indexrelid, watched w
    WHERE CASE WHEN current_setting('track_commit_timestamp')::bool
               THEN coalesce(pg_xact_commit_timestamp(x.xmin) <= now() - make_interval(secs => 86400 * :min_days), true) ELSE true END
)
SELECT 'pg_class'::regclass AS classid, indexrelid AS objid, 0 AS objsubid, bytes AS weight,
       format('Index %s has not been used for %s days', identity, floor(idle_days)) AS title,
       format('%s on %s. Since %s, when statistics were reset: %s, %s of its table; %s inserted and %s updated rows had to be entered in it.%s',
              pg_size_pretty(bytes::bigint), table_identity, date_trunc('second', since),
              CASE WHEN scans = 0 THEN '0 scans of it'
                   ELSE format('%s scans of it, the last one at %s', to_char(scans, 'FM999,999,999,999,990'), date_trunc('second', last_scan)) END,
              to_char(table_scans, 'FM999,999,999,999,990'), to_char(inserts, 'FM999,999,999,999,990'),
              to_char(cold_updates, 'FM999,999,999,999,990'),
              CASE WHEN scans = 0 THEN ' If it was created in that time, wait.' ELSE '' END)
       || CASE WHEN EXISTS (SELECT FROM pg_stat_replication) THEN ' Standbys are connected and count their own scans: look at pg_stat_user_indexes there first.' ELSE '' END AS detail,
       jsonb_build_object('bytes', bytes, 'scans', scans, 'last_scan', last_scan, 'table_scans', table_scans, 'since', since, 'inserts', inserts,
                          'not_hot_updates', cold_updates) AS evidence,
       advisor.drop_index_script(indexrelid) AS fix, advisor.create_index_script(indexrelid) AS undo
FROM unused
