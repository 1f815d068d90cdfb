-- Index that was not completed
--
-- category: index
-- severity: warning
-- inputs: tables
-- what: An index that is marked invalid and that nobody is working on: what a failed or cancelled CREATE INDEX
--   CONCURRENTLY, REINDEX CONCURRENTLY or DROP INDEX CONCURRENTLY leaves behind.
-- why: No query uses it. Once it was ready for writes every write maintains it nevertheless, and a unique one
--   still rejects duplicates.
-- detection: pg_index.indisvalid is false, no progress of an index build is reported, and no lock is held or waited for on
--   its table such as these commands hold. Partitions are looked at one by one.
-- caution: The index was meant to be there: find out why it failed.
-- fix: DROP INDEX CONCURRENTLY of the leftover. There is nothing to take back; what builds the index anew is in the
--   undo as a comment.
WITH invalid AS (
    SELECT i.indexrelid, i.indrelid, i.indisready AS ready, i.indislive AS live, i.indisunique AS is_unique,
           c.relname, format('%I.%I', n.nspname, c.relname) AS identity, c.relispartition,
           c.relpages::float8 * current_setting('block_size')::float8 AS bytes, t.identity AS table_identity,
           c.relname ~ '_cc(new|old)[0-9]*$' AS of_reindex,
           EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid) AS needed
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN tables t ON t.relid = coalesce(pg_partition_root(i.indrelid), i.indrelid)
    WHERE NOT i.indisvalid
      AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.relid = i.indrelid)
      AND NOT EXISTS (SELECT FROM pg_locks l
                      WHERE l.locktype = 'relation' AND l.relation IN (i.indrelid, i.indexrelid)
                        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                        AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                                       'AccessExclusiveLock'))
)
SELECT 'pg_class'::regclass AS classid, indexrelid AS objid, 0 AS objsubid, bytes AS weight,
       format('Index %s is invalid: no query can use it', identity) AS title,
       CASE WHEN of_reindex THEN format('A REINDEX CONCURRENTLY on %s failed and left it behind; the index it was to replace is still there.', table_identity)
            ELSE format('A CREATE INDEX CONCURRENTLY, or a DROP INDEX CONCURRENTLY, on %s did not come to its end.', table_identity) END
       || CASE WHEN ready AND live THEN format(' Writes maintain it nevertheless%s.', CASE WHEN is_unique THEN ', and it rejects duplicate keys' ELSE '' END)
               ELSE ' Writes do not maintain it; it takes room and blocks its name.' END
       || format(' %s.', pg_size_pretty(bytes::bigint))
       || CASE WHEN needed OR relispartition THEN ' A constraint or a partitioned index depends on it: REINDEX INDEX CONCURRENTLY makes it valid.' ELSE '' END AS detail,
       jsonb_build_object('bytes', bytes, 'still_written', ready AND live, 'unique', is_unique, 'left_by_reindex', of_reindex) AS evidence,
       CASE WHEN NOT needed AND NOT relispartition THEN format('DROP INDEX CONCURRENTLY %s;', identity) END AS fix,
       CASE WHEN NOT needed AND NOT relispartition THEN
           E'-- The index was of no use, so that there is nothing to take back. To build it anew:\n-- '
           || replace(advisor.create_index_script(indexrelid), E'\n', E'\n-- ') END AS undo
FROM invalid
