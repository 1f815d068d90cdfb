-- Plain index on the columns of a unique one
--
-- category: index
-- severity: warning
-- inputs: tables, indexes, redundant
-- what: An index that is not unique beside a primary key, unique constraint or unique index on the same columns.
-- why: The unique index finds the same rows; every write maintains both.
-- detection: As index-duplicate, except that the other index is unique. A notice below warning_bytes.
-- caution: A query text with a planner hint may name the index.
-- fix: DROP INDEX CONCURRENTLY, which waits for running transactions and blocks nobody. On a partitioned table it
--   has to be a plain DROP INDEX, under a short lock_timeout. The undo builds the index again.
-- threshold: warning_bytes 10485760 bytes of the index below which it is a notice
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, i.bytes AS weight,
       CASE WHEN i.bytes < :warning_bytes THEN 'notice' ELSE 'warning' END AS severity,
       format('Index %s repeats the unique index %s', i.identity, k.identity) AS title,
       format('The unique index has the same columns of %s and serves every query that this one does. It takes %s, and %s inserted and %s updated rows had to be entered in both since statistics were reset. Scans of this one: %s, of the other: %s.',
              t.identity, pg_size_pretty(i.bytes::bigint), to_char(t.inserts, 'FM999,999,999,999,990'),
              to_char(t.updates - t.hot_updates, 'FM999,999,999,999,990'), to_char(i.scans, 'FM999,999,999,999,990'),
              to_char(k.scans, 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('bytes', i.bytes, 'scans', i.scans, 'covered_by', k.identity, 'covered_by_scans', k.scans, 'rows', t.rows,
                          'inserts', t.inserts, 'not_hot_updates', t.updates - t.hot_updates) AS evidence,
       advisor.drop_index_script(i.indexrelid) AS fix, advisor.create_index_script(i.indexrelid) AS undo
FROM redundant r
JOIN indexes i ON i.indexrelid = r.indexrelid
JOIN indexes k ON k.indexrelid = r.covered_by
JOIN tables t ON t.relid = i.relid
WHERE r.kind = 'unique-repeats' AND r.needed_for IS NULL
