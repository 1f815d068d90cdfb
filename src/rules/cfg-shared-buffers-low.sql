-- shared_buffers is as initdb left it, and too small for this database
--
-- category: settings
-- severity: notice
-- inputs: tables
-- what: shared_buffers of at most max_bytes while the tables are many times larger and reads miss the cache.
-- why: 128MB is a value with which any machine starts. Pages that are in use are evicted and read again from the
--   operating system, and dirty ones are written by sessions that wait for it.
-- detection: The tables and indexes that the caller may see are more than min_ratio times as large, and at least min_miss of the block
--   requests in this database were not found in shared buffers since statistics were reset.
-- caution: A container with little memory has no more to give. How much memory the machine has cannot be seen from SQL.
-- fix: No script: about a quarter of the machine's memory is usual. It takes ALTER SYSTEM and a restart.
-- threshold: max_bytes 134217728 bytes of shared_buffers that are still reported
-- threshold: min_ratio 8 data by shared_buffers from which they are reported
-- threshold: min_miss 0.05 share of block requests that were not found in shared buffers
-- threshold: min_reads 100000 blocks read from which the share is believed
WITH figures AS (
    SELECT (SELECT setting::float8 * current_setting('block_size')::float8 FROM pg_settings WHERE name = 'shared_buffers') AS buffers,
           (SELECT sum(bytes + index_bytes) FROM tables) AS data,
           d.blks_read::float8 AS reads, d.blks_hit::float8 AS hits
    FROM pg_stat_database d WHERE d.datname = current_database()
)
SELECT 'setting shared_buffers' AS object,
       format('shared_buffers is %s for %s of data', pg_size_pretty(buffers::bigint), pg_size_pretty(data::bigint)) AS title,
       format('%s %% of %s block requests in this database were not found in shared buffers since statistics were reset. About a quarter of the machine''s memory '
              'is usual (ALTER SYSTEM SET shared_buffers, then a restart).', round((100 * reads / (reads + hits))::numeric, 1),
              to_char(reads + hits, 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('shared_buffers', buffers, 'data_bytes', data, 'blocks_read', reads, 'blocks_hit', hits) AS evidence
FROM figures
WHERE buffers <= :max_bytes AND data > :min_ratio * buffers AND reads >= :min_reads AND reads >= :min_miss * (reads + hits)
