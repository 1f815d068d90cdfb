-- Deleting one row deletes very many others
--
-- category: schema
-- severity: warning
-- inputs: tables, columns, fks
-- what: Foreign keys ON DELETE CASCADE or SET NULL by which one deleted row is followed by more than max_rows others.
-- why: A statement that looks as if it touched one row is a long transaction: locks, WAL, replicas that fall behind.
-- detection: Referring rows for a key that is referred to (rows / distinct values, by ANALYZE), multiplied along the
--   cascades and added over all of them. Only for tables from which rows were deleted since statistics were reset.
-- caution: Averages: a key may have far more or none. Statistics of a foreign key over several columns are those of its
--   most selective column.
-- fix: No script: delete the referring rows in batches before, or refuse the delete (ON DELETE RESTRICT).
-- threshold: max_rows 10000 rows that follow one deleted row from which it is reported
WITH RECURSIVE edges AS (
    SELECT f.conoid, f.relid, f.target, f.on_delete,
           min(t.rows * (1 - c.null_frac) / greatest(CASE WHEN c.n_distinct < 0 THEN -c.n_distinct * t.rows ELSE c.n_distinct END, 1)) AS rows
    FROM fks f
    JOIN tables t ON t.relid = f.relid AND t.rows > 0
    JOIN columns c ON c.relid = f.relid AND c.attnum = ANY (f.columns) AND c.n_distinct <> 0
    WHERE f.on_delete IN ('c', 'n', 'd') AND f.relid <> f.target
    GROUP BY f.conoid, f.relid, f.target, f.on_delete
), paths AS (
    SELECT t.relid AS root, e.relid AS last, e.on_delete, e.rows, ARRAY[t.relid, e.relid] AS path
    FROM tables t JOIN edges e ON e.target = t.relid
    WHERE t.deletes > 0
    UNION ALL
    SELECT p.root, e.relid, e.on_delete, p.rows * e.rows, p.path || e.relid
    FROM paths p JOIN edges e ON e.target = p.last
    WHERE p.on_delete = 'c' AND e.relid <> ALL (p.path) AND cardinality(p.path) < 10
), followed AS (
    SELECT p.root, sum(p.rows) AS rows, count(*) AS cascades,
           jsonb_object_agg(t.identity, round(p.rows::numeric)) AS tables,
           (array_agg(t.identity ORDER BY p.rows DESC))[1] AS worst, max(p.rows) AS worst_rows
    FROM paths p JOIN tables t ON t.relid = p.last
    GROUP BY p.root
)
SELECT 'pg_class'::regclass AS classid, f.root AS objid, 0 AS objsubid,
       format('Deleting a row of %s deletes or changes about %s others', t.identity, to_char(f.rows, 'FM999,999,999,999,990')) AS title,
       format('By %s, for a row that is referred to; most of them in %s, about %s. Deletes of %s since statistics were reset: %s. Delete what refers to it in batches first, or refuse such deletes.',
              advisor.counted(f.cascades, 'cascade'), f.worst, to_char(f.worst_rows, 'FM999,999,999,999,990'), t.identity, to_char(t.deletes, 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('rows', round(f.rows::numeric), 'tables', f.tables, 'deletes', t.deletes) AS evidence,
       f.rows AS weight
FROM followed f JOIN tables t ON t.relid = f.root
WHERE f.rows > :max_rows
