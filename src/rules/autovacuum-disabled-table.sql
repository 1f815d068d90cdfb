-- Table without autovacuum
--
-- category: maintenance
-- severity: warning
-- inputs: tables
-- what: A table, or a partition, with the storage option autovacuum_enabled = false.
-- why: Dead rows stay and the table and its indexes grow with every update; statistics grow stale and plans bad; index-only scans
--   read the table. Only the last resort against transaction id wraparound still vacuums it, all at once.
-- detection: The option is set and the table is min_bytes or more in size. A notice where no row was updated or
--   deleted since statistics were reset. Not unlogged tables.
-- caution: Where a job vacuums and analyses the table, or truncates it each day, the option is on purpose.
-- fix: ALTER TABLE ... RESET (autovacuum_enabled): a lock that lets reads and writes go on. The undo sets it again.
-- threshold: min_bytes 10485760 bytes from which a table is reported
WITH disabled AS (
    SELECT c.oid AS relid, format('%I.%I', n.nspname, c.relname) AS identity,
           c.relpages::float8 * current_setting('block_size')::float8 AS bytes,
           pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid) AS changes,
           pg_stat_get_dead_tuples(c.oid) AS dead, pg_stat_get_live_tuples(c.oid) AS live,
           greatest(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid)) AS vacuumed, o.option_value
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN tables t ON t.relid = coalesce(pg_partition_root(c.oid), c.oid)
    CROSS JOIN LATERAL pg_options_to_table(c.reloptions) o
    WHERE c.reloptions IS NOT NULL AND c.relkind IN ('r', 'm') AND c.relpersistence = 'p'
      AND o.option_name = 'autovacuum_enabled' AND NOT o.option_value::bool
)
SELECT 'pg_class'::regclass AS classid, relid AS objid, 0 AS objsubid, bytes AS weight,
       CASE WHEN changes > 0 THEN 'warning' ELSE 'notice' END AS severity,
       format('Autovacuum is switched off for %s', identity) AS title,
       format('%s. %s updated or deleted since statistics were reset; %s dead rows beside %s live ones. Last vacuum: %s.',
              pg_size_pretty(bytes::bigint), advisor.counted(changes, 'row was', 'rows were'), to_char(dead, 'FM999,999,999,999,990'),
              to_char(live, 'FM999,999,999,999,990'), coalesce(date_trunc('second', vacuumed)::text, 'none since then')) AS detail,
       jsonb_build_object('bytes', bytes, 'changes', changes, 'dead', dead, 'live', live, 'vacuumed', vacuumed) AS evidence,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s RESET (autovacuum_enabled);\nRESET lock_timeout;', identity) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s SET (autovacuum_enabled = %s);\nRESET lock_timeout;', identity, option_value) AS undo
FROM disabled
WHERE bytes >= :min_bytes
