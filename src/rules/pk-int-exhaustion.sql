-- An integer key runs out of values
--
-- category: schema
-- severity: warning
-- inputs: tables, columns, indexes, sequences, samples, fks
-- what: A smallint or integer column that is a single-column primary key or takes its values from a sequence, and has
--   used a large part of the numbers of its type.
-- why: Past the last number every INSERT fails, and making the column bigint rewrites the table and its indexes.
-- detection: The largest value is the sequence's position or the largest one that ANALYZE sampled, whichever is larger.
--   It is compared with the limit of the column's type, not with that of the sequence, which is often larger. Days
--   left: by the inserts since statistics were reset, where that was at least min_days ago.
-- caution: Sequences that cycle are left out. A single large value that was inserted by hand looks like one that is
--   near the end; days left assume that each insert took one number.
-- fix: No script: on a large table this is a migration (a bigint column beside it, filled by a trigger and in batches,
--   then swapped), on a small one ALTER TABLE ... ALTER COLUMN ... TYPE bigint, which holds ACCESS EXCLUSIVE while it
--   rewrites. Columns that refer to it must be widened first.
-- threshold: notice_above 0.3 share of the numbers that are used from which it is a notice
-- threshold: warning_above 0.5 share from which it is a warning
-- threshold: critical_above 0.8 share from which it is critical
-- threshold: critical_days 365 days left below which it is critical
-- threshold: min_days 1 days of statistics from which days left are told
-- threshold: min_rows 1000 rows below which a table is left out if nothing was inserted
WITH reset AS (
    SELECT extract(epoch FROM now() - d.stats_reset)::float8 / 86400 AS days
    FROM pg_stat_database d WHERE d.datname = current_database()
), keys AS (
    SELECT c.relid, c.attnum, c.name, c.type_name, t.identity AS table_identity, t.rows, t.bytes, t.inserts,
           s.identity AS sequence, s.last_value, coalesce(s.increment, 1) AS increment,
           (SELECT max(CASE WHEN v ~ '^-?[0-9]+$' THEN v::float8 END) FROM unnest(p.sample) v) AS seen_max,
           (SELECT min(CASE WHEN v ~ '^-?[0-9]+$' THEN v::float8 END) FROM unnest(p.sample) v) AS seen_min,
           CASE c.base WHEN 'int2'::regtype THEN 32767 ELSE 2147483647 END::float8 AS limit_value
    FROM columns c
    JOIN tables t ON t.relid = c.relid AND t.kind IN ('r', 'p')
    LEFT JOIN sequences s ON s.relid = c.relid AND s.attnum = c.attnum
    LEFT JOIN samples p ON p.relid = c.relid AND p.attnum = c.attnum
    WHERE c.base IN ('int2'::regtype, 'int4'::regtype) AND s.cycle IS NOT TRUE
      AND (t.rows >= :min_rows OR t.inserts > 0)
      AND (s.seqrelid IS NOT NULL
           OR (EXISTS (SELECT FROM indexes i WHERE i.relid = c.relid AND i.is_primary AND i.keys::int2[] = ARRAY[c.attnum])
               AND NOT EXISTS (SELECT FROM fks f WHERE f.relid = c.relid AND f.columns = ARRAY[c.attnum])))
), reached AS (
    SELECT k.*, CASE WHEN k.increment < 0 THEN -least(k.last_value::float8, k.seen_min)
                     ELSE greatest(k.last_value::float8, k.seen_max) END AS reached_value
    FROM keys k
), judged AS (
    SELECT r.*, r.reached_value / r.limit_value AS used,
           CASE WHEN reset.days >= :min_days AND r.inserts > 0 THEN
               greatest(r.limit_value - r.reached_value, 0) / (r.inserts * abs(r.increment) / greatest(reset.days, 0.01))
           END AS days_left
    FROM reached r, reset
), referring AS (
    SELECT f.target AS relid, f.target_columns[1] AS attnum, jsonb_agg(x.identity ORDER BY x.identity) AS tables
    FROM fks f JOIN tables x ON x.relid = f.relid
    WHERE cardinality(f.columns) = 1
    GROUP BY 1, 2
)
SELECT 'pg_class'::regclass AS classid, j.relid AS objid, j.attnum::int AS objsubid,
       CASE WHEN j.used >= :critical_above OR j.days_left < :critical_days THEN 'critical'
            WHEN j.used >= :warning_above THEN 'warning' ELSE 'notice' END AS severity,
       format('%s.%I has used %s %% of the values of %s', j.table_identity, j.name,
              round((100 * j.used)::numeric, 1), j.type_name) AS title,
       format('%s has reached %s of %s; past that every INSERT fails.',
              coalesce('Its sequence ' || CASE WHEN j.reached_value = abs(j.last_value) THEN j.sequence END, 'The column'),
              to_char(j.reached_value, 'FM999,999,999,999,990'), to_char(j.limit_value, 'FM999,999,999,999,990'))
       || CASE WHEN j.days_left IS NULL THEN ''
               ELSE format(' At the rate of inserts since statistics were reset %s left.',
                           advisor.counted(floor(j.days_left), 'day is', 'days are')) END
       || format(' Make it bigint in time: the table has %s, %s.', advisor.counted(greatest(j.rows, 0), 'row'),
                 pg_size_pretty(j.bytes::bigint))
       || CASE WHEN f.tables IS NULL THEN '' ELSE format(' %s foreign keys refer to it: widen their columns first.',
                                                         jsonb_array_length(f.tables)) END AS detail,
       jsonb_build_object('reached', j.reached_value, 'limit', j.limit_value, 'used', round(j.used::numeric, 4),
                          'sequence', j.sequence, 'last_value', j.last_value, 'days_left', round(j.days_left::numeric, 1),
                          'inserts', j.inserts, 'rows', j.rows, 'bytes', j.bytes, 'referring_tables', f.tables) AS evidence,
       j.used AS weight
FROM judged j LEFT JOIN referring f ON f.relid = j.relid AND f.attnum = j.attnum
WHERE j.used >= :notice_above OR (j.days_left < :critical_days AND j.used > 0.01)
