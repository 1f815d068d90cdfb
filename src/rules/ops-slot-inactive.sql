-- A replication slot that nobody reads keeps WAL
--
-- category: maintenance
-- severity: warning
-- what: A replication slot without a reader that keeps WAL on this server.
-- why: WAL is kept until its reader comes back. If it never does the disk fills up, and the server stops.
-- detection: Not active, not temporary, not synchronised from a primary, and WAL of more than warning_bytes since its
--   restart_lsn. Critical above critical_bytes, or above half of max_slot_wal_keep_size where that is set.
-- caution: A standby or a subscriber that is down for maintenance comes back and needs it. How much room the disk has
--   cannot be seen from SQL.
-- fix: No script: a slot that is dropped cannot be made again at its place; its reader has to be built anew.
-- threshold: warning_bytes 1073741824 bytes of WAL from which a slot is reported
-- threshold: critical_bytes 53687091200 bytes of WAL from which it is critical
WITH kept AS (
    SELECT s.slot_name, s.slot_type, s.database, s.wal_status, to_jsonb(s) ->> 'inactive_since' AS since,
           pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, s.restart_lsn)::float8 AS bytes,
           (SELECT setting::float8 * 1048576 FROM pg_settings WHERE name = 'max_slot_wal_keep_size') AS allowed
    FROM pg_replication_slots s
    WHERE NOT s.active AND NOT s.temporary AND s.restart_lsn IS NOT NULL
      AND coalesce(to_jsonb(s) ->> 'synced', 'false') = 'false'
)
SELECT format('replication slot %I', slot_name) AS object, bytes AS weight,
       CASE WHEN bytes >= :critical_bytes OR (allowed > 0 AND bytes > allowed / 2) THEN 'critical' ELSE 'warning' END AS severity,
       format('Replication slot %I has no reader and keeps %s of WAL', slot_name, pg_size_pretty(bytes::bigint)) AS title,
       format('A %s slot%s, not in use now%s; max_slot_wal_keep_size is %s. If its reader will not come back: SELECT pg_drop_replication_slot(%L).',
              slot_type, coalesce(' of database ' || quote_ident(database), ''), coalesce(' (since ' || since || ')', ''),
              CASE WHEN allowed < 0 THEN 'unlimited' ELSE pg_size_pretty(allowed::bigint) END, slot_name) AS detail,
       jsonb_build_object('wal_bytes', bytes, 'wal_status', wal_status, 'inactive_since', since, 'max_slot_wal_keep_size', allowed) AS evidence
FROM kept
WHERE bytes > :warning_bytes
