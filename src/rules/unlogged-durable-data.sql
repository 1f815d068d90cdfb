-- An unlogged table whose rows are old
--
-- category: schema
-- severity: warning
-- inputs: tables
-- what: An unlogged table of at least min_mb that already had most of its rows min_days ago.
-- why: After a crash it is empty, a replica never has its rows, and neither has a base backup that is restored.
-- detection: ANALYZE or VACUUM counted its rows at least min_days ago, and changes since then are fewer than half of them:
--   what is in it was not loaded for a moment.
-- caution: A cache that can be filled again is what unlogged tables are for.
-- fix: No script: ALTER TABLE ... SET LOGGED writes the whole table to the WAL under ACCESS EXCLUSIVE; on a large one,
--   copy it into a logged table and swap the names. The way back is SET UNLOGGED.
-- threshold: min_mb 100 size in megabytes from which a table is reported
-- threshold: min_days 7 days for which the rows have been there
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       format('Unlogged table %s keeps its rows for days, and loses them in a crash', t.identity) AS title,
       format('%s, %s. They were counted on %s; since then %s changed. SET LOGGED if they cannot be made again.',
              advisor.counted(t.rows, 'row'), pg_size_pretty(t.bytes::bigint), to_char(t.analyzed, 'YYYY-MM-DD'),
              advisor.counted(t.modified, 'row was', 'rows were')) AS detail,
       jsonb_build_object('rows', t.rows, 'bytes', t.bytes, 'analyzed', t.analyzed, 'modified', t.modified) AS evidence,
       t.bytes AS weight
FROM tables t
WHERE t.persistence = 'u' AND t.kind = 'r' AND t.bytes >= :min_mb * 1048576 AND t.rows > 0
  AND t.analyzed <= now() - :min_days * interval '1 day' AND t.modified < t.rows / 2
