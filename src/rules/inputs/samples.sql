-- Values of columns as ANALYZE sampled them: the most common ones and the bounds of the histogram
--
-- inputs: tables, columns
-- what: relid, attnum, sample (text[]), common_share (share of the rows that the most common values make up),
--   complete (there is no histogram: the most common values are all that were seen). Only of text, numbers and OIDs up
--   to 100 bytes wide, in tables of at least 1000 rows, and of columns that the caller may read
SELECT c.relid, c.attnum,
       coalesce(s.most_common_vals::text::text[], '{}') || coalesce(s.histogram_bounds::text::text[], '{}') AS sample,
       coalesce((SELECT sum(f) FROM unnest(s.most_common_freqs) f), 0)::float8 AS common_share,
       s.histogram_bounds IS NULL AS complete
FROM columns c
JOIN tables t ON t.relid = c.relid
JOIN pg_stats s ON s.schemaname = t.schema AND s.tablename = t.name AND s.attname = c.name
               AND s.inherited = (t.kind = 'p')
WHERE t.rows >= 1000 AND c.avg_width <= 100
  AND c.base IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'int2'::regtype, 'int4'::regtype,
                 'int8'::regtype, 'numeric'::regtype, 'float4'::regtype, 'float8'::regtype, 'oid'::regtype)
