-- Index that is the same as another
--
-- category: index
-- severity: warning
-- inputs: tables, indexes, redundant
-- what: Two indexes of one table with the same columns, order, operator classes, collations and predicate, of which one
--   can go.
-- why: Every write maintains both, and both take room on disk and in the cache; queries need one.
-- detection: By comparing the definitions exactly: method, keys with operator class, collation and direction (an order
--   read backwards is the same), INCLUDE, predicate, uniqueness with NULLS [NOT] DISTINCT. What a constraint, a foreign
--   key, the replica identity, CLUSTER or a partitioned index needs is never the one to go. Two constraints that do
--   the same are a notice without a script, and so is, with one, an index of less than warning_bytes.
-- caution: A query text with a planner hint may name the index.
-- fix: DROP INDEX CONCURRENTLY, which waits for running transactions and blocks nobody. On a partitioned table it
--   has to be a plain DROP INDEX, under a short lock_timeout. The undo builds the index again.
-- threshold: warning_bytes 10485760 bytes of the index below which it is a notice
WITH pairs AS (
    SELECT i.*, t.identity AS table_identity, t.rows, t.inserts, t.updates - t.hot_updates AS cold_updates,
           k.identity AS kept, k.scans AS kept_scans, r.needed_for
    FROM redundant r
    JOIN indexes i ON i.indexrelid = r.indexrelid
    JOIN indexes k ON k.indexrelid = r.covered_by
    JOIN tables t ON t.relid = i.relid
    WHERE r.kind = 'duplicate'
)
SELECT 'pg_class'::regclass AS classid, indexrelid AS objid, 0 AS objsubid, bytes AS weight,
       CASE WHEN needed_for IS NOT NULL OR bytes < :warning_bytes THEN 'notice' ELSE 'warning' END AS severity,
       format('Index %s is the same as %s', identity, kept) AS title,
       format('Both index the same columns of %s in the same way. It takes %s, and %s inserted and %s updated rows had to be entered in both since statistics were reset. Scans of this one: %s, of the other: %s; without it they go to the other.',
              table_identity, pg_size_pretty(bytes::bigint), to_char(inserts, 'FM999,999,999,999,990'),
              to_char(cold_updates, 'FM999,999,999,999,990'), to_char(scans, 'FM999,999,999,999,990'),
              to_char(kept_scans, 'FM999,999,999,999,990'))
       || CASE WHEN needed_for IS NOT NULL THEN
              ' Both back a constraint or are referred to by a foreign key: decide which constraint stays, move foreign keys to it, and drop the other constraint.'
          ELSE '' END AS detail,
       jsonb_build_object('bytes', bytes, 'scans', scans, 'same_as', kept, 'same_as_scans', kept_scans, 'rows', rows,
                          'inserts', inserts, 'not_hot_updates', cold_updates, 'constraint', needed_for IS NOT NULL) AS evidence,
       CASE WHEN needed_for IS NULL THEN advisor.drop_index_script(indexrelid) END AS fix,
       CASE WHEN needed_for IS NULL THEN advisor.create_index_script(indexrelid) END AS undo
FROM pairs
