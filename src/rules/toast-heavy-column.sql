-- Long values that are fetched only to be filtered by
--
-- category: structure
-- severity: notice
-- inputs: tables, columns, scans, column_usage
-- what: A column of long values, kept in TOAST, on which sequential scans have a condition, while the statement returns something
--   else.
-- why: For each row the value is fetched from the TOAST table, by an index scan of its own, and decompressed, to be thrown away.
-- detection: The TOAST table takes at least min_bytes and min_row_bytes a row; of the columns that could be in it one alone has
--   values too long for ANALYZE to keep; recorded statements with a condition on it, that do not return it, have scanned the
--   table sequentially in at least min_calls calls.
-- caution: Short values among the long ones are not in TOAST.
-- fix: No script: an index on what the condition computes of the value, a column of its own for that, or a full-text or trigram
--   index.
-- threshold: min_bytes 104857600 bytes of TOAST from which a table is looked at
-- threshold: min_row_bytes 2000 bytes of TOAST a row
-- threshold: min_calls 10 calls of statements that scan so
WITH toasted AS (
    SELECT t.relid, t.identity, t.rows, x.relpages * current_setting('block_size')::float8 AS bytes
    FROM tables t JOIN pg_class c ON c.oid = t.relid JOIN pg_class x ON x.oid = c.reltoastrelid
    WHERE t.kind IN ('r', 'm') AND t.rows > 0
), long AS ( -- ANALYZE leaves out values of more than a kilobyte: neither most common ones nor an order are known
    SELECT c.relid, min(c.attnum) AS attnum, min(c.name) AS name
    FROM columns c JOIN pg_attribute a ON a.attrelid = c.relid AND a.attnum = c.attnum
    WHERE a.attstorage IN ('x', 'e') AND c.null_frac < 1 AND c.correlation IS NULL
      AND c.base IN ('text'::regtype, 'varchar'::regtype, 'bytea'::regtype, 'json'::regtype, 'jsonb'::regtype, 'xml'::regtype)
    GROUP BY c.relid HAVING count(*) = 1
), filtering AS (
    SELECT l.relid, u.queryid, max(u.calls) AS calls
    FROM long l JOIN column_usage u ON u.relation = l.relid AND u.attnum = l.attnum
    WHERE u.place = 'condition' AND u.operator NOT IN ('is null', 'is not null')
    GROUP BY l.relid, u.queryid
), returned AS (
    SELECT DISTINCT l.relid, u.queryid FROM long l JOIN column_usage u ON u.relation = l.relid AND u.attnum = l.attnum AND u.place = 'output'
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, l.attnum::int AS objsubid, t.bytes AS weight,
       format('%s.%I is fetched from TOAST to be filtered by', t.identity, l.name) AS title,
       format('Its values take %s a row in TOAST, %s in all. By %s, which do not return it, sequential scans read %s to keep %s.',
              pg_size_pretty((t.bytes / t.rows)::bigint), pg_size_pretty(t.bytes::bigint), advisor.counted(count(DISTINCT f.queryid), 'statement'),
              advisor.counted(sum(s.rows_read), 'row'), to_char(sum(s.rows_kept), 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('toast_bytes', t.bytes, 'rows', t.rows, 'queryids', jsonb_agg(DISTINCT f.queryid)) AS evidence,
       sum(s.est_time) AS impact
FROM toasted t
JOIN long l ON l.relid = t.relid
JOIN filtering f ON f.relid = t.relid
JOIN scans s ON s.relation = t.relid AND s.queryid = f.queryid
WHERE t.bytes >= :min_bytes AND t.bytes >= :min_row_bytes * t.rows
  AND NOT EXISTS (SELECT FROM returned r WHERE r.relid = f.relid AND r.queryid = f.queryid)
GROUP BY t.relid, t.identity, t.bytes, t.rows, l.attnum, l.name
HAVING sum(f.calls) >= :min_calls
