-- Where the planner's cost and what happens differ: rows of bitmaps in buffers, rare values beside a common one.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA real;
SET search_path = real;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SET default_statistics_target = 300; -- all rows are read

-- A bitmap of a sixth of a table that stays in the buffers takes half of the time of reading all of it.
CREATE TABLE visit AS SELECT g AS id, abs(hashint4(g)) % 1000 AS score, md5(g::text) AS a, md5(g::text) AS b, md5(g::text) AS c
FROM generate_series(1, 60000) g;
VACUUM ANALYZE visit;
SELECT advisor.reset();
DO $$ BEGIN
    FOR i IN 1..30 LOOP
        PERFORM * FROM visit WHERE score < 150 + i;
    END LOOP;
END $$;
SELECT regexp_replace(ddl, '^.* USING ', '') AS definition FROM advisor.suggest_indexes();
SELECT advisor.reset();

-- All but one row in 170 are reviewed, so that the planner takes those of (reviewed, paid) to lie in order.
CREATE TABLE payment AS SELECT g AS id, g % 170 <> 3 AS reviewed, timestamp '2024-01-01' + (abs(hashint4(g)) % 90000) * interval '1 min' AS paid,
    g % 700 AS amount, md5(g::text) AS note FROM generate_series(1, 60000) g;
VACUUM ANALYZE payment;
SELECT regexp_replace(ddl, '^.* USING ', '') AS definition FROM advisor.suggest_indexes(ARRAY[
    'SELECT id, amount, note FROM payment WHERE NOT reviewed AND paid < ''2024-02-02'' ORDER BY paid LIMIT 20']);
DROP SCHEMA real CASCADE;
