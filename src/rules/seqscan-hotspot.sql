-- Sequential scans that throw most of what they read away
--
-- category: scan
-- severity: warning
-- inputs: tables, scans, suggestions
-- what: A table that statements scan from end to end, over and over, to keep a small part of its rows.
-- why: Each such scan reads the whole table; its time grows with the table, and it drives other data out of the cache.
-- detection: Rows are counted in a sample of the recorded executions; the judgement is that of
--   advisor.seq_scan_hotspots, the severity that of its worst scan. Those that are a notice there count only if an index
--   cures them, and those that keep more than most_kept of the rows, which an index may spare a join, not at all.
-- caution: Where no index would help (most rows are kept, the table is small) the scan is not reported here;
--   advisor.seq_scan_hotspots says why.
-- fix: The indexes that advisor.seq_scan_hotspots names for these scans, if there are any; index-suggestion says what each is for.
-- threshold: most_kept 0.5 share of the rows that a scan keeps up to which it is one
WITH hot AS (
    SELECT s.relation, (array_agg(s.severity ORDER BY array_position('{critical,warning,notice}', s.severity)))[1] AS severity,
           sum(s.est_time) AS time, sum(s.seq_scans) AS scans, sum(s.rows_read) AS rows_read,
           sum(s.rows_kept) AS rows_kept, max(s.table_rows) AS table_rows,
           (array_agg(s.verdict ORDER BY s.est_time DESC))[1] AS worst, count(DISTINCT s.queryid) AS statements,
           array_agg(DISTINCT s.queryid) AS queryids,
           array_agg(DISTINCT regexp_replace(s.suggested_index, ';?\s*$', ';')) AS suggested
    FROM scans s JOIN tables t ON t.relid = coalesce(pg_partition_root(s.relation), s.relation)
    WHERE s.severity <> 'ok' AND (s.severity <> 'notice' OR s.suggested_index IS NOT NULL)
      AND s.rows_kept <= :most_kept * s.rows_read
    GROUP BY s.relation
)
SELECT 'pg_class'::regclass AS classid, h.relation AS objid, 0 AS objsubid, h.severity,
       format('%s is scanned from end to end to keep %s of %s', h.relation, to_char(h.rows_kept, 'FM999,999,999,999,990'),
              advisor.counted(h.rows_read, 'row')) AS title,
       CASE WHEN h.statements > 1 THEN format('%s that. The dearest: ', advisor.counted(h.statements, 'statement does', 'statements do')) ELSE '' END
       || h.worst AS detail,
       jsonb_build_object('seq_scans', h.scans, 'rows_read', h.rows_read, 'rows_kept', h.rows_kept,
                          'table_rows', h.table_rows, 'queryids', h.queryids) AS evidence,
       h.time AS impact, f.fix, f.undo
FROM hot h
LEFT JOIN (SELECT g.relation, string_agg(g.ddl, E'\n' ORDER BY g.rank) AS fix,
                  string_agg(g.undo, E'\n' ORDER BY g.rank DESC) AS undo
           FROM suggestions g JOIN hot o ON o.relation = g.relation AND g.ddl = ANY (o.suggested)
           WHERE g.action = 'create'
           GROUP BY g.relation) f ON f.relation = h.relation
