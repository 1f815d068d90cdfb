-- Index of which most entries are null
--
-- category: index
-- severity: notice
-- inputs: tables, columns, indexes, statements
-- what: A large B-tree index whose only column is null in most rows.
-- why: The entries for null are written and stored like the others, and a search for a value needs none of them.
-- detection: By statistics: null in min_share of the rows or more; min_bytes in size; no recorded statement that asks whether
--   the column is null, which takes pg_read_all_stats to know. Not unique or partial indexes.
-- caution: A query that sorts by the column, without a condition on it, can use the whole index but not the partial one; statements that
--   were not recorded may ask for nulls.
-- fix: None: build the same index WHERE column IS NOT NULL with CONCURRENTLY, see whether queries use it, then drop this one.
-- threshold: min_share 0.5 share of the rows that are null
-- threshold: min_bytes 104857600 bytes from which an index is reported
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, i.bytes AS weight,
       format('Index %s holds nulls for the most part', i.identity) AS title,
       format('%s.%I is null in %s %% of %s rows; the index takes %s. A partial index WHERE %I IS NOT NULL finds the same values in a part of it, and rows without a value need not be entered. No recorded statement asks for its nulls.',
              t.identity, c.name, round((100 * c.null_frac)::numeric, 1), to_char(t.rows, 'FM999,999,999,999,990'),
              pg_size_pretty(i.bytes::bigint), c.name) AS detail,
       jsonb_build_object('bytes', i.bytes, 'null_share', c.null_frac, 'rows', t.rows, 'scans', i.scans) AS evidence
FROM indexes i
JOIN tables t ON t.relid = i.relid
JOIN columns c ON c.relid = i.relid AND c.attnum = i.keys[1]
WHERE i.am = 'btree' AND i.is_valid AND cardinality(i.keys) = 1 AND i.predicate IS NULL
  AND NOT i.is_unique AND NOT i.replica_identity AND NOT i.clustered AND i.constraint_oid IS NULL
  AND t.rows >= 0 AND i.bytes >= :min_bytes AND c.null_frac >= :min_share
  AND pg_has_role('pg_read_all_stats', 'USAGE')
  AND NOT EXISTS (SELECT FROM statements s
                  WHERE strpos(lower(s.query), lower(t.name)) > 0
                    AND lower(replace(s.query, '"', '')) ~ ('(^|[^a-z0-9_])' || regexp_replace(lower(replace(c.name, '"', '')), '([^a-z0-9_ ])', '.', 'g') || '\)*\s+is\s+null'))
