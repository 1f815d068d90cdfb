-- The same scan with its rows counted and not, in turns: advisor's counting is INSTRUMENT_ROWS and a walk of the plan.
CREATE TEMP TABLE timing (counted bool, ms float8);
DO $$
DECLARE
    started timestamptz;
BEGIN
    PERFORM count(*) FROM scanned;
    FOR i IN 1 .. 62 LOOP
        PERFORM set_config('pg_advisor.sample_rate', (i % 2)::text, false);
        started := clock_timestamp();
        EXECUTE 'SELECT * FROM scanned WHERE part = 7';
        INSERT INTO timing VALUES (i % 2 = 1, extract(epoch FROM clock_timestamp() - started) * 1000);
    END LOOP;
END $$;
SELECT CASE WHEN counted THEN 'counted' ELSE 'not counted' END, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 2)
FROM timing GROUP BY counted ORDER BY counted;
