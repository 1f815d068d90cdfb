-- The same scan with its rows counted never, as by default, and always, in turns. advisor's counting is INSTRUMENT_ROWS
-- and a walk of the plan.
CREATE TEMP TABLE timing (rate text, ms float8);
DO $$
DECLARE
    usual text := current_setting('pg_advisor.sample_rate');
    rate text;
    started timestamptz;
BEGIN
    PERFORM count(*) FROM scanned;
    FOR i IN 1 .. 303 LOOP
        rate := (ARRAY['0', usual, '1'])[i % 3 + 1];
        PERFORM set_config('pg_advisor.sample_rate', rate, false);
        started := clock_timestamp();
        EXECUTE 'SELECT * FROM scanned WHERE part = 7';
        INSERT INTO timing VALUES (rate, extract(epoch FROM clock_timestamp() - started) * 1000);
    END LOOP;
END $$;
SELECT CASE rate WHEN '0' THEN 'never counted' WHEN '1' THEN 'always' ELSE 'by default, ' || rate END,
       round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, 2), round(avg(ms)::numeric, 2)
FROM timing GROUP BY rate ORDER BY rate;
