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
SELECT reason LIKE '%Corrected costs are those of the rows of recorded executions, where a step gave 200 rows and the planner expects %' AS says_so
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
-- All rows are as expected, but the planner prices a lookup as one of 10,000 that share the table's pages among them, and
-- the join looks up 400 times: nearly every page is read for them.
CREATE TABLE nation AS SELECT g AS id, 'nation ' || g AS name FROM generate_series(0, 24) g;
CREATE TABLE supplier AS SELECT g AS id, g % 25 AS nation FROM generate_series(1, 10000) g;
CREATE TABLE line AS SELECT (g::bigint * 7919) % 10000 + 1 AS supplier_id, repeat('z', 90) AS pad FROM generate_series(1, 300000) g;
VACUUM ANALYZE nation, supplier, line;
SELECT * FROM keys('{SELECT sum(length(pad)) FROM nation n JOIN supplier s ON s.nation = n.id JOIN line l ON l.supplier_id = s.id WHERE n.name = ''nation 3''}') WHERE relation = 'line'::regclass;
SELECT advisor.reset();
SELECT sum(length(pad)) FROM nation n JOIN supplier s ON s.nation = n.id JOIN line l ON l.supplier_id = s.id WHERE n.name = 'nation 3';
SELECT sum(length(pad)) FROM nation n JOIN supplier s ON s.nation = n.id JOIN line l ON l.supplier_id = s.id WHERE n.name = 'nation 4';
SET client_min_messages = notice;
SELECT count(*) AS on_line FROM advisor.suggest_indexes() WHERE relation = 'line'::regclass;
SET client_min_messages = warning;
-- The same of a partitioned table.
ALTER TABLE line RENAME TO line_1;
CREATE TABLE line (LIKE line_1) PARTITION BY RANGE (supplier_id);
ALTER TABLE line ATTACH PARTITION line_1 FOR VALUES FROM (0) TO (20000);
CREATE TABLE line_2 PARTITION OF line FOR VALUES FROM (20000) TO (30000);
INSERT INTO line SELECT 20000 + g, '' FROM generate_series(1, 1000) g;
VACUUM ANALYZE line;
SELECT advisor.reset();
SELECT sum(length(pad)) FROM nation n JOIN supplier s ON s.nation = n.id JOIN line l ON l.supplier_id = s.id WHERE n.name = 'nation 3';
SET client_min_messages = notice;
SELECT count(*) AS on_line FROM advisor.suggest_indexes() WHERE relation = 'line'::regclass;
SET client_min_messages = warning;
DROP TABLE line_2;
ALTER TABLE line DETACH PARTITION line_1;
DROP TABLE line;
ALTER TABLE line_1 RENAME TO line;
-- Those of one supplier are worth it.
SELECT advisor.reset();
SELECT sum(length(pad)) FROM nation n JOIN supplier s ON s.nation = n.id JOIN line l ON l.supplier_id = s.id WHERE n.name = 'nation 3' AND s.id = 3;
SELECT * FROM keys() WHERE relation = 'line'::regclass;
-- Nothing is corrected where the planner is right: with a row and a half to a lookup, by an expression that only the
-- advisor has statistics of, and where processes share the lookups.
CREATE TABLE account AS SELECT g AS id, 'U' || (g::bigint * 7919) % 70000 AS name, repeat('w', 150) AS pad FROM generate_series(1, 100000) g;
CREATE TABLE wanted AS SELECT g AS id, 'u' || g AS name FROM generate_series(1, 300) g;
VACUUM ANALYZE account, wanted;
SELECT advisor.reset();
SELECT count(a.pad) FROM wanted w JOIN account a ON lower(a.name) = w.name;
SELECT keys, reason LIKE '%orrected%' AS corrected
FROM (SELECT regexp_replace(ddl, '^.* USING ', '') AS keys, reason FROM advisor.suggest_indexes() WHERE relation = 'account'::regclass) s;
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT advisor.reset();
SELECT sum(length(pad)) FROM supplier s JOIN line l ON l.supplier_id = s.id WHERE s.id < 40;
SELECT string_agg(line, E'\n') LIKE '%Gather%' AS parallel
FROM advisor.what_if('SELECT sum(length(pad)) FROM supplier s JOIN line l ON l.supplier_id = s.id WHERE s.id < 40', '{CREATE INDEX ON line (supplier_id)}') AS line;
SELECT keys, reason LIKE '%orrected%' AS corrected
FROM (SELECT regexp_replace(ddl, '^.* USING ', '') AS keys, reason FROM advisor.suggest_indexes() WHERE relation = 'line'::regclass) s;
DROP SCHEMA observed_rows CASCADE;
