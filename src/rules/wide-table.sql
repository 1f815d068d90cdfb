-- A table of very many columns
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A table with more than notice_above columns.
-- why: Each row is read and written whole; an update of one column writes all of them again. PostgreSQL stops at 1600
--   columns, dropped ones included, and at a page per row.
-- detection: The columns that are not dropped.
-- caution: Tables that are loaded from elsewhere and read by few columns at a time often stay so.
-- fix: No script: move columns that are seldom needed into a table of their own with the same key.
-- threshold: notice_above 50 columns above which it is a notice
-- threshold: warning_above 400 columns above which it is a warning
WITH counts AS (
    SELECT c.relid, count(*) AS live, sum(c.avg_width * (1 - c.null_frac)) AS width,
           count(*) FILTER (WHERE c.null_frac > 0.95) AS nearly_always_null
    FROM columns c GROUP BY c.relid HAVING count(*) > :notice_above
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       CASE WHEN n.live > :warning_above THEN 'warning' ELSE 'notice' END AS severity,
       format('Table %s has %s', t.identity, advisor.counted(n.live, 'column')) AS title,
       format('%s, %s.', advisor.counted(greatest(t.rows, 0), 'row'), pg_size_pretty(t.bytes::bigint))
       || CASE WHEN n.width IS NULL THEN '' ELSE format(' A row takes about %s bytes; %s NULL in more than 95 %% of the rows.',
                                                        round(n.width::numeric), advisor.counted(n.nearly_always_null, 'column is', 'columns are')) END AS detail,
       jsonb_build_object('columns', n.live, 'row_width', round(n.width::numeric), 'nearly_always_null', n.nearly_always_null,
                          'rows', t.rows, 'bytes', t.bytes) AS evidence,
       n.live AS weight
FROM counts n JOIN tables t ON t.relid = n.relid AND t.kind IN ('r', 'p')
