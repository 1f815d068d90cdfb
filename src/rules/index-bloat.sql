-- Index that is much larger than it would be if it were built anew
--
-- category: index
-- severity: notice
-- inputs: tables, columns, indexes
-- what: A B-tree index of which much is empty: what deletes and updates in other places have left behind.
-- why: The empty pages are read into the cache and scanned with the others, and are in every backup.
-- detection: Its size beside what it would have after a rebuild, by the model that sizes suggested indexes, from the statistics of
--   its columns, its fill factor and deduplication (not where that is switched off). At least min_share of it and min_bytes are to be gained; a warning from warning_share or
--   warning_bytes. Not where a column has no statistics that you may read, and not indexes on expressions or with
--   a predicate, nor on partitioned tables.
-- caution: It is an estimate; pgstatindex of the extension pgstattuple measures avg_leaf_density. Room that is used again soon is no
--   loss. Sizes are those of the last VACUUM or ANALYZE.
-- fix: REINDEX INDEX CONCURRENTLY: reads and writes go on; it needs room for the new index beside the old one. There is
--   nothing to take back.
-- threshold: min_share 0.4 share of the index from which it is reported
-- threshold: min_bytes 104857600 bytes to be gained from which it is reported
-- threshold: warning_share 0.7 share from which it is a warning
-- threshold: warning_bytes 1073741824 bytes to be gained from which it is a warning
WITH large AS MATERIALIZED (
    SELECT i.indexrelid, i.identity, i.bytes, i.scans, t.identity AS table_identity, t.rows,
           coalesce((SELECT o.option_value::float8 FROM pg_options_to_table(i.options) o WHERE o.option_name = 'fillfactor'), 90) AS fill
    FROM indexes i JOIN tables t ON t.relid = i.relid
    WHERE i.am = 'btree' AND i.is_valid AND i.bytes >= :min_bytes AND t.rows >= 0 AND t.kind IN ('r', 'm')
      AND t.modified <= 0.2 * greatest(t.rows, 1)
      AND NOT EXISTS (SELECT FROM pg_options_to_table(i.options) o
                      WHERE o.option_name = 'deduplicate_items' AND NOT o.option_value::bool)
      AND NOT i.has_expressions AND i.predicate IS NULL
      AND NOT EXISTS (SELECT FROM unnest(i.keys || i.include) k (attnum)
                      WHERE NOT EXISTS (SELECT FROM columns c
                                        WHERE c.relid = i.relid AND c.attnum = k.attnum AND c.n_distinct IS NOT NULL))
), sized AS MATERIALIZED (
    SELECT l.*, advisor.rebuilt_index_bytes(l.indexrelid::regclass)::float8 * 90 / l.fill AS rebuilt FROM large l
)
SELECT 'pg_class'::regclass AS classid, indexrelid AS objid, 0 AS objsubid, bytes - rebuilt AS weight,
       CASE WHEN 1 - rebuilt / bytes >= :warning_share OR bytes - rebuilt >= :warning_bytes THEN 'warning' ELSE 'notice' END AS severity,
       format('About %s %% of index %s are empty', round((100 * (1 - rebuilt / bytes))::numeric), identity) AS title,
       format('It takes %s; built anew for the %s of %s it would take about %s.', pg_size_pretty(bytes::bigint),
              advisor.counted(rows, 'row'), table_identity, pg_size_pretty(rebuilt::bigint)) AS detail,
       jsonb_build_object('bytes', bytes, 'rebuilt_bytes', rebuilt, 'share', round((1 - rebuilt / bytes)::numeric, 3), 'scans', scans) AS evidence,
       format('REINDEX INDEX CONCURRENTLY %s;', identity) AS fix,
       '-- The index holds what it held: there is nothing to take back.' AS undo
FROM sized
WHERE rebuilt < bytes AND bytes - rebuilt >= :min_bytes AND 1 - rebuilt / bytes >= :min_share
