-- 500,000 executions of 20,000 different statements, drawn with Zipf's frequencies. Each is its own statement
-- (a different pair of columns), so that the table evicts all the time.
SELECT setseed(0.5);
DO $$
DECLARE
    k int;
    draw float8;
BEGIN
    FOR i IN 1 .. 500000 LOOP
        draw := random();
        SELECT z.k INTO k FROM zipf z WHERE z.upto >= draw ORDER BY z.upto LIMIT 1;
        EXECUTE format('SELECT c%s, c%s FROM wide WHERE c0 = 0', k % 150, k / 150);
    END LOOP;
END $$;
