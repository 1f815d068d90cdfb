-- WAL forces checkpoints before their time
--
-- category: settings
-- severity: notice
-- what: A large share of the checkpoints was requested and not due by checkpoint_timeout.
-- why: After each checkpoint the first change of a page writes the whole page to WAL: more checkpoints make more WAL, which
--   makes more checkpoints, and each one writes all dirty pages.
-- detection: At least min_checkpoints checkpoints, and more than max_share of them requested, since these statistics were
--   reset.
-- caution: Besides a full max_wal_size, CHECKPOINT, base backups, CREATE DATABASE and shutdowns request one; a bulk load leaves its traces
--   until statistics are reset.
-- fix: No script: max_wal_size is to be raised until most are timed; it takes disk space and makes recovery longer.
--   A reload is enough.
-- threshold: min_checkpoints 100 checkpoints from which the share is believed
-- threshold: max_share 0.3 share of requested ones that is not reported
WITH printed AS (
    -- The counts have moved: the view that is not there must not be named to the parser.
    SELECT CASE WHEN to_regclass('pg_catalog.pg_stat_checkpointer') IS NULL
           THEN query_to_xml('SELECT checkpoints_timed AS timed, checkpoints_req AS requested, extract(epoch FROM stats_reset) AS since FROM pg_catalog.pg_stat_bgwriter', true, true, '')
           ELSE query_to_xml('SELECT num_timed AS timed, num_requested AS requested, extract(epoch FROM stats_reset) AS since FROM pg_catalog.pg_stat_checkpointer', true, true, '')
           END::text AS text
), counts AS (
    SELECT substring(text FROM '<timed>(\d+)<')::float8 AS timed, substring(text FROM '<requested>(\d+)<')::float8 AS requested,
           to_timestamp(substring(text FROM '<since>([0-9.]+)<')::float8) AS since
    FROM printed
)
SELECT 'setting max_wal_size' AS object,
       format('%s %% of the checkpoints were requested before their time', round((100 * requested / (timed + requested))::numeric, 1)) AS title,
       format('%s of %s since %s. max_wal_size is %s, checkpoint_timeout %s: unless a load or backups explain it, raise max_wal_size until most '
              'checkpoints are timed; the disk has to have the room.',
              to_char(requested, 'FM999,999,999,999,990'), advisor.counted(timed + requested, 'checkpoint'), date_trunc('second', since),
              current_setting('max_wal_size'), current_setting('checkpoint_timeout')) AS detail,
       jsonb_build_object('timed', timed, 'requested', requested, 'since', since, 'max_wal_size', current_setting('max_wal_size')) AS evidence
FROM counts
WHERE timed + requested >= greatest(1, :min_checkpoints) AND requested > :max_share * (timed + requested)
