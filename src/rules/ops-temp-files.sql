-- Statements write much to temporary files
--
-- category: settings
-- severity: notice
-- inputs: statements
-- what: Recorded statements that sort, hash or materialise more than work_mem holds, to the amount of gigabytes an hour.
-- why: What does not fit is written to disk and read again, which is slow and takes the disk from others.
-- detection: Blocks of temporary files that recorded statements of this database wrote, by the hours since the recorder
--   began or was reset: at least min_bytes_per_hour, after min_hours.
-- caution: One nightly job is not worth a larger work_mem for all. An average over many hours hides an hour of it.
-- fix: No script: work_mem holds for each sort and hash of each session, so raise it for the role or the transaction
--   that needs it (ALTER ROLE ... SET work_mem, SET LOCAL), or see whether an index gives the order.
-- threshold: min_bytes_per_hour 1073741824 bytes written an hour
-- threshold: min_hours 1 hours of recording from which the rate is believed
WITH recorded AS (
    SELECT greatest(extract(epoch FROM now() - greatest(i.started_at, i.stats_reset))::float8 / 3600, 0.01) AS hours FROM advisor.info i
), spilling AS (
    SELECT s.queryid, sum(s.temp_blks_written)::float8 * current_setting('block_size')::float8 AS bytes, sum(s.calls) AS calls
    FROM statements s
    WHERE s.temp_blks_written > 0
    GROUP BY s.queryid
), total AS (
    SELECT sum(bytes) AS bytes, count(*) AS statements, (array_agg(queryid ORDER BY bytes DESC, queryid))[1:3] AS top,
           max(bytes) AS most
    FROM spilling
)
SELECT 'setting work_mem' AS object,
       format('Statements write %s of temporary files an hour', pg_size_pretty((t.bytes / r.hours)::bigint)) AS title,
       format('%s by %s in %s hours, %s %% of it by query %s. work_mem is %s. Raise it for the roles or transactions that run '
              'these statements rather than for all.', pg_size_pretty(t.bytes::bigint), advisor.counted(t.statements, 'statement'), round(r.hours::numeric, 1),
              round((100 * t.most / t.bytes)::numeric, 1), t.top[1], current_setting('work_mem')) AS detail,
       jsonb_build_object('bytes', t.bytes, 'hours', round(r.hours::numeric, 2), 'queryids', t.top, 'work_mem', current_setting('work_mem')) AS evidence
FROM total t, recorded r
WHERE r.hours >= :min_hours AND t.bytes >= :min_bytes_per_hour * r.hours
