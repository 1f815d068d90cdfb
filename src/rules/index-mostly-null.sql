-- Index of which most entries are null
--
-- category: index
-- severity: notice
-- inputs: tables, columns, indexes, column_usage
-- what: A large B-tree index whose only column is null in most rows.
-- why: The entries for null are written and stored like the others, and a search for a value needs none of them.
-- detection: By statistics: null in min_share of the rows or more; min_bytes in size; no recorded statement that asks whether
--   the column is null or sorts by it, which takes pg_read_all_stats to know. Not unique or partial indexes.
-- caution: Statements that were not recorded may ask for nulls or sort by the column, for which the partial index is no use.
-- fix: None: build the same index WHERE column IS NOT NULL with CONCURRENTLY, see whether queries use it, then drop this one.
-- threshold: min_share 0.5 share of the rows that are null
-- threshold: min_bytes 104857600 bytes from which an index is reported
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, i.bytes AS weight,
       format('Index %s holds nulls for the most part', i.identity) AS title,
       format('%s.%I is null in %s %% of %s; the index takes %s. A partial index WHERE %I IS NOT NULL finds the same values in a part of it, and rows without a value need not be entered. No recorded statement asks for its nulls or sorts by it.',
              t.identity, c.name, round((100 * c.null_frac)::numeric, 1), advisor.counted(t.rows, 'row'),
              pg_size_pretty(i.bytes::bigint), c.name) AS detail,
       jsonb_build_object('bytes', i.bytes, 'null_share', c.null_frac, 'rows', t.rows, 'scans', i.scans) AS evidence
FROM indexes i
JOIN tables t ON t.relid = i.relid
JOIN columns c ON c.relid = i.relid AND c.attnum = i.keys[1]
WHERE i.am = 'btree' AND i.is_valid AND cardinality(i.keys) = 1 AND i.predicate IS NULL
  AND NOT i.is_unique AND NOT i.replica_identity AND NOT i.clustered AND i.constraint_oid IS NULL
  AND t.rows >= 0 AND i.bytes >= :min_bytes AND c.null_frac >= :min_share
  AND pg_has_role('pg_read_all_stats', 'USAGE')
  AND NOT EXISTS (SELECT FROM column_usage u
                  WHERE u.relation = i.relid AND u.attnum = c.attnum
                    AND (u.place = 'order' OR u.place = 'condition' AND lower(u.operator) IN ('is null', 'is not distinct from')))
