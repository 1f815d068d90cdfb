-- Wide rows of which a few narrow columns are updated
--
-- category: structure
-- severity: notice
-- inputs: tables, columns, column_usage
-- what: A table with long rows whose updates set the same few short columns, and are mostly not heap-only.
-- why: An update writes the whole row anew, and an entry into each index: much is written, to WAL as well, for a few bytes.
-- detection: At least min_updates updates since statistics were reset, less than max_hot_share of them heap-only; rows of min_width
--   bytes or more on average; the columns that recorded UPDATE statements set, by min_call_share of their calls, are max_columns at most
--   and take a tenth of the row or less.
-- caution: Values in TOAST are not written again. index-blocks-hot-updates and fillfactor-candidate, where they are found, are cheaper to
--   follow.
-- fix: No script: the columns that change go to a table of their own with the same key. Statements that read both then join.
-- threshold: min_updates 100000 updates from which a table is looked at
-- threshold: max_hot_share 0.5 share of heap-only updates below which it is reported
-- threshold: min_width 500 bytes a row
-- threshold: max_columns 3 columns that are set
-- threshold: min_call_share 0.9 share of the calls that set no others
WITH busy AS (
    SELECT t.relid FROM tables t
    WHERE t.kind IN ('r', 'p') AND t.updates >= :min_updates AND t.hot_updates < :max_hot_share * t.updates
), sets AS (
    SELECT DISTINCT u.relation::oid AS relid, u.queryid, u.calls, u.attnum
    FROM column_usage u JOIN busy b ON b.relid = u.relation
    WHERE u.place = 'set'
), totals AS (
    SELECT s.relid, sum(s.calls) AS calls FROM (SELECT DISTINCT relid, queryid, calls FROM sets) s GROUP BY s.relid
), changing AS ( -- a column that one call in twenty sets is none of the few
    SELECT s.relid, s.attnum
    FROM sets s JOIN totals t ON t.relid = s.relid
    GROUP BY s.relid, s.attnum, t.calls
    HAVING sum(s.calls) >= 0.05 * t.calls
), inside AS (
    SELECT q.relid, sum(q.calls) FILTER (WHERE q.others = 0) AS calls
    FROM (SELECT s.relid, s.queryid, max(s.calls) AS calls, count(*) FILTER (WHERE c.attnum IS NULL) AS others
          FROM sets s LEFT JOIN changing c ON c.relid = s.relid AND c.attnum = s.attnum
          GROUP BY s.relid, s.queryid) q
    GROUP BY q.relid
), widths AS (
    SELECT c.relid, sum(c.avg_width) AS width, sum(c.avg_width) FILTER (WHERE g.attnum IS NOT NULL) AS changing_width,
           count(g.attnum) AS columns, string_agg(quote_ident(c.name), ', ' ORDER BY c.attnum) FILTER (WHERE g.attnum IS NOT NULL) AS names
    FROM columns c JOIN busy b ON b.relid = c.relid LEFT JOIN changing g ON g.relid = c.relid AND g.attnum = c.attnum
    GROUP BY c.relid
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid, t.updates * w.width AS weight,
       format('Updates of %s write rows of %s bytes anew for %s', t.identity, w.width, advisor.counted(w.changing_width, 'byte')) AS title,
       format('%s since statistics were reset, %s %% of them heap-only; rows take about %s on average. By %s of %s of recorded UPDATE statements nothing is set but: %s.',
              advisor.counted(t.updates, 'update'), round((100 * t.hot_updates / t.updates)::numeric, 1), advisor.counted(w.width, 'byte'),
              to_char(i.calls, 'FM999,999,999,999,990'), advisor.counted(n.calls, 'call'), w.names) AS detail,
       jsonb_build_object('updates', t.updates, 'hot_updates', t.hot_updates, 'width', w.width, 'changing_width', w.changing_width, 'update_calls', n.calls,
                          'calls_within', i.calls, 'columns', w.names) AS evidence
FROM tables t JOIN widths w ON w.relid = t.relid JOIN totals n ON n.relid = t.relid JOIN inside i ON i.relid = t.relid
WHERE w.width >= :min_width AND w.columns BETWEEN 1 AND :max_columns AND w.changing_width <= w.width / 10 AND i.calls >= :min_call_share * n.calls
