-- LIKE '%text%' reads the whole table, and pg_trgm is not installed
--
-- category: index
-- severity: notice
-- inputs: tables, scans, column_usage
-- what: A column that is searched with LIKE '%text%', ILIKE or a regular expression, by scanning the table.
-- why: No B-tree can find text in the middle; a trigram index can.
-- detection: The recorded query compares the plain column with such a pattern, its scans of the table are a hot spot and keep less
--   than a tenth of the rows, and the extension pg_trgm is available but not installed. (Once it is, the index advice
--   considers trigram indexes by itself.)
-- caution: A pattern of fewer than three letters has no trigram; such searches stay scans. What the index brings
--   cannot be asked of the planner before the extension exists.
-- fix: Installs pg_trgm and builds the index CONCURRENTLY. GIN indexes are costly to keep up on tables that are
--   written much.
SELECT 'pg_class'::regclass AS classid, u.relation AS objid, u.attnum::int AS objsubid,
       format('%s.%I is searched by its middle: a trigram index would find the rows', t.identity, u.column) AS title,
       format('The table is scanned for text within %s.%I by %s: %s read to keep %s. '
              'pg_trgm is available on this server and not installed.',
              t.identity, u.column, advisor.counted(count(DISTINCT u.queryid), 'statement'), advisor.counted(sum(s.rows_read), 'row'),
              to_char(sum(s.rows_kept), 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('queryids', jsonb_agg(DISTINCT u.queryid), 'rows_read', sum(s.rows_read), 'rows_kept', sum(s.rows_kept)) AS evidence,
       sum(s.est_time) AS impact,
       CASE WHEN t.kind <> 'p' THEN format(E'CREATE EXTENSION pg_trgm SCHEMA %I;\nCREATE INDEX CONCURRENTLY %I ON %s USING gin (%I %I.gin_trgm_ops);',
              t.schema, n.name, t.identity, u.column, t.schema) END AS fix,
       CASE WHEN t.kind <> 'p' THEN format(E'DROP INDEX CONCURRENTLY %I.%I;\nDROP EXTENSION pg_trgm;', t.schema, n.name) END AS undo
FROM (SELECT DISTINCT queryid, relation, "column", attnum FROM column_usage
      WHERE place = 'condition' AND wrapper IS NULL AND operator IN ('~~', '~~*', '~', '~*') AND pattern = 'contains') u
JOIN tables t ON t.relid = u.relation
JOIN scans s ON s.relation = u.relation AND s.queryid = u.queryid AND s.severity <> 'ok' AND s.rows_kept < s.rows_read / 10
CROSS JOIN LATERAL (SELECT left(t.name || '_' || u.column, 50) || '_trgm_idx' AS name) n
WHERE EXISTS (SELECT FROM pg_available_extensions e WHERE e.name = 'pg_trgm' AND e.installed_version IS NULL)
  AND NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace m ON m.oid = c.relnamespace WHERE c.relname = n.name AND m.nspname = t.schema)
GROUP BY u.relation, u.attnum, u.column, t.identity, t.schema, t.kind, n.name
