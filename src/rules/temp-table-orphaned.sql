-- Temporary tables of a session that is gone
--
-- category: maintenance
-- severity: warning
-- what: Tables in a schema for temporary tables that no session uses: what a session leaves behind that ended in a crash.
-- why: They take room, and nobody can vacuum them: their age counts towards transaction id wraparound.
-- detection: The schema is pg_temp_N, and no session of this database has it for its own. Not on a standby, which does not know the sessions of its primary.
-- caution: The next session that gets the same number empties the schema, and autovacuum drops such tables where it runs.
-- fix: DROP TABLE of them; the rows belong to nobody. Nothing brings them back.
WITH orphans AS (
    SELECT n.oid AS schema_oid, n.nspname, c.oid, c.relowner, c.relpages, c.relfrozenxid, format('%I.%I', n.nspname, c.relname) AS identity
    FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
    WHERE n.nspname ~ '^pg_temp_[0-9]+$' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND (pg_has_role(c.relowner, 'USAGE') OR pg_has_role('pg_read_all_stats', 'USAGE'))
      AND NOT pg_is_in_recovery() -- where the sessions are those of the primary
      AND advisor.temporary_schema_is_idle(n.oid)
)
SELECT 'pg_namespace'::regclass AS classid, o.schema_oid AS objid, 0 AS objsubid, sum(o.relpages::float8) AS weight,
       format('%s in %I left behind by a session that is gone', advisor.counted(count(*), 'temporary table was', 'temporary tables were'), o.nspname) AS title,
       format('They take %s by the last count. The oldest is %s transactions old.', pg_size_pretty((sum(o.relpages::float8) * current_setting('block_size')::float8)::bigint),
              to_char(max(CASE WHEN o.relfrozenxid <> '0' THEN age(o.relfrozenxid) ELSE 0 END), 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('tables', count(*), 'pages', sum(o.relpages), 'age', max(CASE WHEN o.relfrozenxid <> '0' THEN age(o.relfrozenxid) ELSE 0 END)) AS evidence,
       CASE WHEN count(*) <= 1000 THEN string_agg(format('DROP TABLE %s;', o.identity), E'\n' ORDER BY o.identity) END AS fix,
       '-- The session that they belonged to is gone, and so are their rows.' AS undo
FROM orphans o
GROUP BY o.schema_oid, o.nspname
