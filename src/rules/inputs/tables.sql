-- Tables, partitioned tables and materialised views that the caller may see, a partitioned one once with all its parts
--
-- what: relid, schema, name, identity (quoted), kind (relkind), persistence, owner; rows (planner's, -1: never
--   analysed), pages, bytes (main fork and TOAST, by relpages), index_bytes, parts (leaf partitions, 1 for a plain
--   table), options; counts since statistics were reset: inserts, updates, hot_updates, deletes, live, dead, modified
--   (since the last analyse), seq_scans, idx_scans; analyzed (when, last), vacuumed (when, last). Left out while another
--   session holds or awaits ACCESS EXCLUSIVE on it or a part: functions that print its expressions would wait for that
WITH RECURSIVE visible AS (
    SELECT c.oid, c.relname, c.relnamespace, n.nspname, c.relkind, c.relpersistence, c.relowner, c.reloptions,
           c.reltuples, c.relpages, c.reltoastrelid
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND c.relpersistence <> 't'
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      AND (pg_has_role(c.relowner, 'USAGE') OR pg_has_role('pg_read_all_stats', 'USAGE')
           OR (has_schema_privilege(n.oid, 'USAGE')
               AND (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                    OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))))
), parts (root, relid) AS (
    SELECT oid, oid FROM visible
    UNION ALL
    SELECT p.root, i.inhrelid
    FROM parts p JOIN pg_inherits i ON i.inhparent = p.relid JOIN pg_class c ON c.oid = i.inhrelid
    WHERE c.relispartition
), held AS (
    SELECT DISTINCT p.root
    FROM pg_locks l JOIN parts p ON p.relid = l.relation
    WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid IS DISTINCT FROM pg_backend_pid()
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
), sums AS (
    SELECT p.root, count(*) AS parts,
           CASE WHEN bool_or(c.reltuples >= 0) THEN sum(greatest(c.reltuples, 0)) ELSE -1 END AS rows,
           sum(c.relpages::float8) AS pages,
           sum(c.relpages::float8 + coalesce(t.relpages, 0)) AS all_pages,
           sum(x.pages) AS index_pages,
           sum(pg_stat_get_tuples_inserted(c.oid))::float8 AS inserts,
           sum(pg_stat_get_tuples_updated(c.oid))::float8 AS updates,
           sum(pg_stat_get_tuples_hot_updated(c.oid))::float8 AS hot_updates,
           sum(pg_stat_get_tuples_deleted(c.oid))::float8 AS deletes,
           sum(pg_stat_get_live_tuples(c.oid))::float8 AS live,
           sum(pg_stat_get_dead_tuples(c.oid))::float8 AS dead,
           sum(pg_stat_get_mod_since_analyze(c.oid))::float8 AS modified,
           sum(pg_stat_get_numscans(c.oid))::float8 AS seq_scans,
           sum(x.scans)::float8 AS idx_scans,
           max(greatest(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid))) AS analyzed,
           max(greatest(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid))) AS vacuumed
    FROM parts p
    JOIN pg_class c ON c.oid = p.relid AND c.relkind IN ('r', 'm')
    LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
    LEFT JOIN (SELECT i.indrelid, sum(ic.relpages::float8) AS pages, sum(pg_stat_get_numscans(i.indexrelid)) AS scans
               FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
               WHERE i.indrelid >= 16384
               GROUP BY i.indrelid) x ON x.indrelid = c.oid
    GROUP BY p.root
)
SELECT v.oid AS relid, v.nspname::text AS schema, v.relname::text AS name,
       format('%I.%I', v.nspname, v.relname) AS identity,
       v.relkind AS kind, v.relpersistence AS persistence, v.relowner AS owner, v.reloptions AS options,
       coalesce(s.parts, 0) AS parts, coalesce(s.rows, CASE WHEN v.relkind = 'p' THEN 0 ELSE -1 END)::float8 AS rows,
       coalesce(s.pages, 0) AS pages,
       coalesce(s.all_pages, 0) * b.size AS bytes, coalesce(s.index_pages, 0) * b.size AS index_bytes,
       coalesce(s.inserts, 0) AS inserts, coalesce(s.updates, 0) AS updates,
       coalesce(s.hot_updates, 0) AS hot_updates, coalesce(s.deletes, 0) AS deletes,
       coalesce(s.live, 0) AS live, coalesce(s.dead, 0) AS dead, coalesce(s.modified, 0) AS modified,
       coalesce(s.seq_scans, 0) AS seq_scans, coalesce(s.idx_scans, 0) AS idx_scans, s.analyzed, s.vacuumed
FROM visible v LEFT JOIN sums s ON s.root = v.oid,
     (SELECT current_setting('block_size')::float8 AS size) b
WHERE v.oid NOT IN (SELECT h.root FROM held h)
