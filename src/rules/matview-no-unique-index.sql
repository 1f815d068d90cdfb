-- A materialised view that can only be refreshed under a lock that keeps readers out
--
-- category: structure
-- severity: notice
-- inputs: tables, indexes, columns
-- what: A materialised view that is read, without a unique index on columns of all its rows.
-- why: REFRESH MATERIALIZED VIEW CONCURRENTLY needs one. Without it a refresh takes ACCESS EXCLUSIVE, and whoever reads the
--   view waits until the query behind it has run.
-- detection: No valid unique index on plain columns without a predicate; populated; at least min_bytes in size; at least
--   min_scans scans of it since statistics were reset (building an index counts as one).
-- caution: One that is refreshed at night, when nobody reads it, needs none; a concurrent refresh takes longer.
-- fix: No script: which columns identify a row is yours to say. CREATE UNIQUE INDEX CONCURRENTLY fails if they do not.
-- threshold: min_bytes 10485760 bytes from which a refresh is taken to last
-- threshold: min_scans 10 scans from which it is taken to be read
WITH candidates AS (
    SELECT c.relid, string_agg(quote_ident(c.name), ', ' ORDER BY c.attnum) AS names
    FROM columns c WHERE c.n_distinct = -1 AND c.null_frac = 0
    GROUP BY c.relid
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid, t.bytes AS weight,
       format('%s cannot be refreshed while it is read', t.identity) AS title,
       format('It has %s, %s, and no unique index, which REFRESH MATERIALIZED VIEW CONCURRENTLY needs. Scans of it that were counted: %s.', advisor.counted(t.rows, 'row'), pg_size_pretty(t.bytes::bigint),
              to_char(t.seq_scans + t.idx_scans, 'FM999,999,999,999,990'))
       || coalesce(format(' By the last ANALYZE each row has a value of its own in: %s.', n.names), '') AS detail,
       jsonb_build_object('rows', t.rows, 'bytes', t.bytes, 'scans', t.seq_scans + t.idx_scans, 'distinct_columns', n.names) AS evidence
FROM tables t
JOIN pg_class c ON c.oid = t.relid AND c.relispopulated
LEFT JOIN candidates n ON n.relid = t.relid
WHERE t.kind = 'm' AND t.bytes >= :min_bytes AND t.seq_scans + t.idx_scans >= :min_scans
  AND NOT EXISTS (SELECT FROM indexes i
                  WHERE i.relid = t.relid AND i.is_unique AND i.is_valid AND i.predicate IS NULL AND NOT i.has_expressions)
