-- A standby or a subscriber is far behind
--
-- category: maintenance
-- severity: warning
-- what: A receiver of replication that has not replayed much of the WAL of this server; on a standby, WAL that it has received and
--   not replayed.
-- why: What is read there is old, a failover loses or waits for the rest, and this server keeps WAL for a slot until it is
--   confirmed.
-- detection: pg_stat_replication: bytes between the end of WAL here and what was replayed there, or confirmed by a subscriber;
--   on a standby between what was received and what was replayed. At least min_bytes. Not base backups.
-- caution: One that has just been connected catches up. On a standby with recovery_min_apply_delay the delay is on purpose.
-- fix: No script. Replaying waits for queries on the standby (max_standby_streaming_delay), for its disk, or for a lock; a
--   subscriber without an index on the replica identity scans the table for each row.
-- threshold: min_bytes 1073741824 bytes of WAL from which it is reported
WITH here AS (
    SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS lsn
), behind AS (
    SELECT format('replication to %I', r.application_name) AS object, format('%I', r.application_name) AS title,
           pg_wal_lsn_diff(h.lsn, r.replay_lsn)::float8 AS bytes,
           format('State %s; sent up to %s, replayed up to %s, this server is at %s.', r.state, r.sent_lsn, r.replay_lsn, h.lsn) AS detail, r.state
    FROM pg_stat_replication r, here h
    WHERE r.state NOT IN ('startup', 'backup') AND r.replay_lsn IS NOT NULL
    UNION ALL
    SELECT 'replay of this standby', 'This standby', pg_wal_lsn_diff(pg_last_wal_receive_lsn(), h.lsn)::float8,
           format('It has received WAL up to %s, and replayed up to %s; the last transaction is of %s%s.', pg_last_wal_receive_lsn(), h.lsn,
                  coalesce(date_trunc('second', pg_last_xact_replay_timestamp())::text, 'before its start'),
                  CASE WHEN pg_get_wal_replay_pause_state() <> 'not paused' THEN '; replay is paused' ELSE '' END), 'standby'
    FROM here h WHERE pg_is_in_recovery()
)
SELECT b.object, b.bytes AS weight, format('%s is %s of WAL behind', b.title, pg_size_pretty(b.bytes::bigint)) AS title, b.detail,
       jsonb_build_object('bytes', b.bytes, 'state', b.state) AS evidence
FROM behind b
WHERE b.bytes >= :min_bytes
