-- Counted rows against estimates: an index that only a wrong estimate speaks for is withheld, a good one is not.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA observed_rows;
SET search_path = observed_rows;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
-- a, b and c go together: the planner expects a four-hundredth of the rows that there are.
CREATE TABLE big (id int, a int, b int, c int, pad text);
INSERT INTO big SELECT g, g % 20, g % 20, g % 20, repeat('x', 40) FROM generate_series(1, 100000) g;
CREATE TABLE detail (big_id int, amount int, pad text);
INSERT INTO detail SELECT (g::bigint * 7919) % 100000 + 1, g % 100, repeat('y', 300) FROM generate_series(1, 100000) g;
VACUUM ANALYZE big, detail;
CREATE FUNCTION keys(queries text[] DEFAULT NULL) RETURNS TABLE (relation regclass, keys text) LANGUAGE sql AS
$$ SELECT relation, regexp_replace(ddl, '^.* USING ', '') FROM advisor.suggest_indexes(queries) ORDER BY rank $$;

-- Without executions the planner is believed.
SELECT * FROM keys('{SELECT sum(d.amount) FROM big JOIN detail d ON d.big_id = big.id WHERE a = 3 AND b = 3 AND c = 3 AND d.pad > $1}') WHERE relation = 'detail'::regclass;

\set VERBOSITY terse
-- Recorded, the index on the inner side is not suggested, and a notice says why.
SET pg_advisor.sample_rate = 1;
SELECT advisor.reset();
SELECT sum(d.amount) FROM big JOIN detail d ON d.big_id = big.id WHERE a = 3 AND b = 3 AND c = 3 AND d.pad > '';
SELECT sum(d.amount) FROM big JOIN detail d ON d.big_id = big.id WHERE a = 4 AND b = 4 AND c = 4 AND d.pad > '';
SELECT sum(d.amount) FROM big JOIN detail d ON d.big_id = big.id WHERE a = 5 AND b = 5 AND c = 5 AND d.pad > '';
SELECT * FROM keys() WHERE relation = 'detail'::regclass;
SET client_min_messages = notice;
SELECT count(*) AS on_detail FROM advisor.suggest_indexes() WHERE relation = 'detail'::regclass;
SET client_min_messages = warning;

-- The planner is as wrong about the rows, but the index is good all the same: few rows are looked up.
CREATE TABLE few AS SELECT g AS id, g % 500 AS a, g % 500 AS b, repeat('x', 40) AS pad FROM generate_series(1, 100000) g;
VACUUM ANALYZE few;
SELECT advisor.reset();
SELECT sum(d.amount) FROM few JOIN detail d ON d.big_id = few.id WHERE a = 3 AND b = 3 AND d.pad > '';
SELECT sum(d.amount) FROM few JOIN detail d ON d.big_id = few.id WHERE a = 4 AND b = 4 AND d.pad > '';
SELECT sum(d.amount) FROM few JOIN detail d ON d.big_id = few.id WHERE a = 5 AND b = 5 AND d.pad > '';
SELECT * FROM keys() WHERE relation = 'detail'::regclass;
SELECT reason LIKE '%The gain was checked by the rows of recorded executions, where a step gave 200 rows and the planner expects %' AS says_so
FROM advisor.suggest_indexes() WHERE relation = 'detail'::regclass;

-- With statistics that know better there is nothing to contradict.
SELECT advisor.reset();
CREATE STATISTICS together ON a, b, c FROM big;
ANALYZE big;
SELECT sum(d.amount) FROM big JOIN detail d ON d.big_id = big.id WHERE a = 3 AND b = 3 AND c = 3 AND d.pad > '';
SELECT sum(d.amount) FROM big JOIN detail d ON d.big_id = big.id WHERE a = 4 AND b = 4 AND c = 4 AND d.pad > '';
SET client_min_messages = notice;
SELECT count(*) AS on_detail FROM advisor.suggest_indexes() WHERE relation = 'detail'::regclass;
SET client_min_messages = warning;
DROP SCHEMA observed_rows CASCADE;
