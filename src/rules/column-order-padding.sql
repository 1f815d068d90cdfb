-- Room lost between columns
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A large table whose fixed-length columns stand so that much of each row is padding.
-- why: An 8-byte column starts at a multiple of 8: after a smaller one the bytes between are lost, in each row.
-- detection: Padding before the columns that come before the first one of variable length and are never NULL, so that it is the
--   same in each row; at least 8 bytes and a tenth of the row, in tables of at least min_mb.
-- caution: Only worth doing when the table is written anew anyway. What is lost after the first variable column is not counted.
-- fix: No script: the order of columns changes only by building the table anew. Put 8-byte columns first, then smaller ones,
--   then those of variable length.
-- threshold: min_mb 1024 size in megabytes from which a table is reported
WITH RECURSIVE laid AS (
    SELECT c.relid, a.attlen::int AS length, CASE a.attalign WHEN 'd' THEN 8 WHEN 'i' THEN 4 WHEN 's' THEN 2 ELSE 1 END AS align,
           a.attlen > 0 AND coalesce(c.null_frac, 1) = 0 AS fixed,
           row_number() OVER (PARTITION BY c.relid ORDER BY c.attnum) AS place
    FROM columns c
    JOIN tables t ON t.relid = c.relid AND t.kind = 'r' AND t.bytes >= :min_mb * 1048576 AND t.rows > 0
    JOIN pg_attribute a ON a.attrelid = c.relid AND a.attnum = c.attnum
), walked AS (
    SELECT l.relid, l.place, l.length AS ends, 0 AS padding FROM laid l WHERE l.place = 1 AND l.fixed
    UNION ALL
    SELECT l.relid, l.place, w.ends + p.padding + l.length, w.padding + p.padding
    FROM walked w JOIN laid l ON l.relid = w.relid AND l.place = w.place + 1 AND l.fixed
    CROSS JOIN LATERAL (SELECT (l.align - w.ends % l.align) % l.align AS padding) p
), sums AS (
    SELECT w.relid, max(w.padding) AS padding,
           (SELECT sum(c.avg_width * (1 - c.null_frac)) + 24 FROM columns c WHERE c.relid = w.relid) + max(w.padding) AS width
    FROM walked w GROUP BY w.relid
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       format('Rows of %s lose %s bytes each between columns', t.identity, s.padding) AS title,
       format('Of about %s bytes, in %s: %s in all. Order columns by alignment, largest first, when the table is next built anew.',
              round(s.width::numeric), advisor.counted(t.rows, 'row'), pg_size_pretty((s.padding / 8 * 8 * t.rows)::bigint)) AS detail,
       jsonb_build_object('padding', s.padding, 'row_width', round(s.width::numeric), 'rows', t.rows, 'bytes', t.bytes) AS evidence,
       s.padding * t.rows AS weight
FROM sums s JOIN tables t ON t.relid = s.relid
WHERE s.padding >= 8 AND s.padding >= 0.1 * s.width
