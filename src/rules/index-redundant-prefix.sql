-- Index whose columns a longer index begins with
--
-- category: index
-- severity: notice
-- inputs: tables, indexes, redundant
-- what: A B-tree index (a) beside one (a, b): the longer one finds and sorts by a too.
-- why: Every write maintains both; the cache holds both.
-- detection: As index-duplicate, for the first columns of the longer index. Not where the longer one is more than
--   size_ratio times as large and the short one is used: it is then the cheaper one to read.
-- caution: The short index may still be read with fewer pages; advisor.evaluate_indexes('{}', ARRAY['index']::regclass[])
--   tells what the recorded statements cost without it.
-- fix: DROP INDEX CONCURRENTLY, which waits for running transactions and blocks nobody. On a partitioned table it
--   has to be a plain DROP INDEX, under a short lock_timeout. The undo builds the index again.
-- threshold: size_ratio 3 times the size from which a used short index is left alone
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, i.bytes AS weight,
       format('The columns of index %s are the first of %s', i.identity, k.identity) AS title,
       format('The longer index on %s (%s) finds and sorts what this one (%s) does. %s inserted and %s updated rows had to be entered in both since statistics were reset. Scans of this one: %s, of the longer one: %s.',
              t.identity, pg_size_pretty(k.bytes::bigint), pg_size_pretty(i.bytes::bigint),
              to_char(t.inserts, 'FM999,999,999,999,990'), to_char(t.updates - t.hot_updates, 'FM999,999,999,999,990'),
              to_char(i.scans, 'FM999,999,999,999,990'), to_char(k.scans, 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('bytes', i.bytes, 'scans', i.scans, 'covered_by', k.identity, 'covered_by_bytes', k.bytes,
                          'covered_by_scans', k.scans, 'rows', t.rows, 'inserts', t.inserts,
                          'not_hot_updates', t.updates - t.hot_updates) AS evidence,
       advisor.drop_index_script(i.indexrelid) AS fix, advisor.create_index_script(i.indexrelid) AS undo
FROM redundant r
JOIN indexes i ON i.indexrelid = r.indexrelid
JOIN indexes k ON k.indexrelid = r.covered_by
JOIN tables t ON t.relid = i.relid
WHERE r.kind = 'prefix' AND r.needed_for IS NULL AND NOT (i.scans > 0 AND k.bytes > :size_ratio * i.bytes)
