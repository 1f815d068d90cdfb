-- Table whose statistics are missing or far out of date
--
-- category: maintenance
-- severity: notice
-- inputs: tables
-- what: A table that was never analysed, or that has changed many times over what should have made autovacuum analyse it.
-- why: The planner guesses: wrong estimates make wrong joins, and the advice here is worth no more than the statistics.
-- detection: Never analysed and min_rows rows or more; or more rows changed since the last ANALYZE than times
--   autovacuum_analyze_threshold plus autovacuum_analyze_scale_factor of its rows (storage options of the table count), and more than half of its rows. A partitioned
--   table is looked at itself: autovacuum analyses its partitions, but never the whole, of which joins need statistics.
-- caution: Right after a load autovacuum may just not have come yet.
-- fix: ANALYZE: it reads a sample, reads and writes go on. There is nothing to take back. Of a partitioned table it
--   has to be repeated now and then.
-- threshold: min_rows 1000 rows below which nothing is reported
-- threshold: times 10 how many times over the table has changed
WITH judged AS (
    SELECT t.*, c.reltuples < 0 AS never,
           coalesce((SELECT o.option_value::float8 FROM pg_options_to_table(t.options) o WHERE o.option_name = 'autovacuum_analyze_threshold'),
                    current_setting('autovacuum_analyze_threshold')::float8)
           + coalesce((SELECT o.option_value::float8 FROM pg_options_to_table(t.options) o WHERE o.option_name = 'autovacuum_analyze_scale_factor'),
                      current_setting('autovacuum_analyze_scale_factor')::float8) * greatest(t.rows, 0) AS due
    FROM tables t JOIN pg_class c ON c.oid = t.relid
    WHERE t.persistence IN ('p', 'u')
      AND NOT EXISTS (SELECT FROM pg_locks l
                      WHERE l.locktype = 'relation' AND l.relation = t.relid AND l.mode = 'ShareUpdateExclusiveLock'
                        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
)
SELECT 'pg_class'::regclass AS classid, relid AS objid, 0 AS objsubid, bytes AS weight,
       CASE WHEN never THEN format('%s was never analysed', identity)
            ELSE format('Statistics of %s are out of date', identity) END AS title,
       CASE WHEN never AND kind = 'p' THEN format('It has %s with %s in all. Autovacuum never analyses a partitioned table itself: run ANALYZE now and after larger changes.',
                                                  advisor.counted(parts, 'partition'), advisor.counted(CASE WHEN rows >= 0 THEN rows ELSE live END, 'row'))
            WHEN never THEN format('It has about %s, and the planner knows nothing of them.', advisor.counted(live, 'row'))
            ELSE format('%s changed since the last ANALYZE%s, of %s; autovacuum should have come after %s.',
                        advisor.counted(modified, 'row was', 'rows were'),
                        coalesce(' (' || date_trunc('second', analyzed) || ')', ''), to_char(rows, 'FM999,999,999,999,990'),
                        to_char(due, 'FM999,999,999,999,990')) END AS detail,
       jsonb_build_object('rows', rows, 'live', live, 'modified', modified, 'analyzed', analyzed, 'never', never) AS evidence,
       format('ANALYZE %s;', identity) AS fix, '-- Statistics only: there is nothing to take back.' AS undo
FROM judged
WHERE CASE WHEN never THEN CASE WHEN rows > 0 THEN rows ELSE live END >= :min_rows
           ELSE kind <> 'p' AND greatest(rows, live) >= :min_rows AND modified > :times * due AND modified > 0.5 * rows END
