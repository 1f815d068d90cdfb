-- Table that is written a lot and has many indexes
--
-- category: index
-- severity: notice
-- inputs: tables, indexes
-- what: A table with more than most_indexes indexes, or with indexes of more than most_ratio times its own size, that is
--   written more than read.
-- why: An insert, and an update that is not heap-only, writes into each of them.
-- detection: Partial indexes do not count, nor do their bytes. At least min_rows rows, and at least min_writes rows inserted,
--   updated (other than heap-only) or deleted since statistics were reset, more than there were scans.
--   The ratio of sizes counts from five indexes on.
-- caution: Each may be needed: this finding names the table, index-duplicate, index-redundant-prefix and index-unused name the indexes
--   that can go.
-- fix: None: which of them to do without takes a look at the queries; advisor.evaluate_indexes tells what they would cost without one.
-- threshold: most_indexes 8 indexes that are not yet many
-- threshold: most_ratio 2 times the size of the table that its indexes may take
-- threshold: min_rows 10000 rows from which a table is reported
-- threshold: min_writes 100000 rows written
WITH counted AS (
    SELECT t.relid, t.identity, t.rows, t.bytes, t.seq_scans + t.idx_scans AS scans, t.inserts + t.updates - t.hot_updates + t.deletes AS writes,
           count(*) AS indexes, sum(i.bytes) AS index_bytes,
           string_agg(format('%s (%s, %s)', i.name, pg_size_pretty(i.bytes::bigint), advisor.counted(i.scans, 'scan')), ', ' ORDER BY i.scans, i.bytes DESC, i.name) AS names
    FROM tables t JOIN indexes i ON i.relid = t.relid
    WHERE i.predicate IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT 'pg_class'::regclass AS classid, relid AS objid, 0 AS objsubid, index_bytes AS weight,
       format('%s has %s and is written more than read', identity, advisor.counted(indexes, 'index', 'indexes')) AS title,
       format('%s of indexes beside %s of data; %s written, %s since statistics were reset. The least used first: %s.',
              pg_size_pretty(index_bytes::bigint), pg_size_pretty(bytes::bigint), advisor.counted(writes, 'row'),
              advisor.counted(scans, 'scan'), names) AS detail,
       jsonb_build_object('indexes', indexes, 'index_bytes', index_bytes, 'bytes', bytes, 'rows', rows, 'writes', writes, 'scans', scans) AS evidence
FROM counted
WHERE rows >= :min_rows AND writes >= :min_writes AND writes > scans
  AND (indexes > :most_indexes OR indexes >= 5 AND index_bytes > :most_ratio * bytes)
