-- Table of which much is empty
--
-- category: maintenance
-- severity: notice
-- inputs: tables
-- what: A table that is much larger than its rows need.
-- why: Sequential scans read the empty pages, the cache holds them, and every backup has them.
-- detection: By statistics: the pages that the rows would fill, with their header, null bitmap, the average width of each
--   column, alignment at its worst, and the fill factor, beside the pages there are. At least min_share of them and min_bytes are
--   empty; a warning from warning_share on. TOAST is not counted. Not where a column has no statistics that you
--   may read, nor where many rows have changed since the last ANALYZE, nor partitioned tables.
-- caution: It is an estimate; pgstattuple of the extension of this name measures it. Room that new rows will fill soon is no loss: after a
--   bulk delete with loads to come do nothing.
-- fix: None: it takes a rewrite. VACUUM FULL locks out everybody for as long as it takes; pg_repack and pg_squeeze,
--   which are extensions, do not. If autovacuum comes too late, a smaller autovacuum_vacuum_scale_factor for the table keeps it from growing again.
-- threshold: min_share 0.4 share of the table from which it is reported
-- threshold: min_bytes 1073741824 empty bytes from which it is reported
-- threshold: warning_share 0.7 share from which it is a warning
WITH large AS (
    SELECT t.*, t.pages * b.size AS heap_bytes, b.size AS block,
           coalesce((SELECT o.option_value::float8 FROM pg_options_to_table(t.options) o WHERE o.option_name = 'fillfactor'), 100) AS fill
    FROM tables t, (SELECT current_setting('block_size')::float8 AS size) b
    WHERE t.kind IN ('r', 'm') AND t.rows >= 0 AND t.pages * b.size >= :min_bytes
      AND t.modified <= 0.2 * greatest(t.rows, 1)
), fields AS ( -- dropped columns are null in new rows, and without statistics
    SELECT l.relid, a.attnum, s.null_frac, s.avg_width, s.attname IS NOT NULL OR a.attisdropped AS known, a.attisdropped,
           CASE lead(a.attalign) OVER (PARTITION BY l.relid ORDER BY a.attnum) WHEN 'd' THEN 8 WHEN 'i' THEN 4 WHEN 's' THEN 2 ELSE 1 END AS next_align
    FROM large l
    JOIN pg_attribute a ON a.attrelid = l.relid AND a.attnum > 0
    LEFT JOIN pg_stats s ON s.schemaname = l.schema AND s.tablename = l.name AND s.attname = a.attname AND NOT s.inherited
), widths AS (
    SELECT relid, bool_and(known) AND count(*) FILTER (WHERE NOT attisdropped) > 0 AS known,
           sum(CASE WHEN attisdropped THEN 0 ELSE (1 - null_frac) * ceil(avg_width::float8 / next_align) * next_align END) AS data,
           CASE WHEN bool_or(null_frac > 0 OR attisdropped) THEN ceil(count(*) / 8.0) ELSE 0 END AS bitmap
    FROM fields GROUP BY relid
), estimates AS ( -- a row: line pointer, header and null bitmap, data, each aligned to 8 bytes
    SELECT l.*, 4 + 8 * ceil((23 + w.bitmap) / 8) + 8 * ceil(w.data / 8) AS row_bytes
    FROM large l JOIN widths w ON w.relid = l.relid AND w.known
), needed AS (
    SELECT e.*, ceil(e.rows / greatest(floor((e.block - 24) * e.fill / 100 / e.row_bytes), 1)) * e.block AS needed_bytes
    FROM estimates e
)
SELECT 'pg_class'::regclass AS classid, relid AS objid, 0 AS objsubid, heap_bytes - needed_bytes AS weight,
       CASE WHEN 1 - needed_bytes / heap_bytes >= :warning_share THEN 'warning' ELSE 'notice' END AS severity,
       format('About %s %% of %s are empty', round((100 * (1 - needed_bytes / heap_bytes))::numeric), identity) AS title,
       format('It takes %s without TOAST and indexes; its %s need about %s. %s dead rows, last vacuum %s. Once dead rows are vacuumed the room is used for new rows, but given back only by a rewrite: pg_repack, or VACUUM FULL while nobody needs the table.',
              pg_size_pretty(heap_bytes::bigint), advisor.counted(rows, 'row'), pg_size_pretty(needed_bytes::bigint),
              to_char(dead, 'FM999,999,999,999,990'), coalesce(date_trunc('second', vacuumed)::text, 'none since statistics were reset')) AS detail,
       jsonb_build_object('bytes', heap_bytes, 'needed_bytes', needed_bytes, 'share', round((1 - needed_bytes / heap_bytes)::numeric, 3),
                          'rows', rows, 'dead', dead, 'vacuumed', vacuumed) AS evidence
FROM needed
WHERE heap_bytes - needed_bytes >= :min_bytes AND 1 - needed_bytes / heap_bytes >= :min_share
