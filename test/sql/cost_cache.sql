-- Plans that are known, by the indexes that matter or before joins are searched: each of them is made all the same and
-- compared, those of random sets of indexes included. A warning comes if one differed.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE SCHEMA known;
SET search_path = known;
SET jit = off;
SET pg_advisor.debug_cost_cache = 1;
SET pg_advisor.debug_random_sets = 20;
SET pg_advisor.advice_time_limit = '10min';
\set VERBOSITY terse
CREATE TABLE c (id int PRIMARY KEY, region int, name text, born date, note text);
CREATE TABLE o (id int PRIMARY KEY, c_id int, status text, placed date, total int, note text);
CREATE TABLE i (o_id int, line int, part int, qty int, price int, PRIMARY KEY (o_id, line));
CREATE TABLE p (k int, part int, v int, w int) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (3000);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (3000) TO (6000);
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (6000) TO (9001);
INSERT INTO c SELECT g, g % 25, 'n' || g % 700, date '1950-01-01' + g % 9000, repeat('c', 60) FROM generate_series(1, 2500) g;
INSERT INTO o SELECT g, g * 7 % 2500, CASE WHEN g % 50 = 0 THEN 'open' ELSE 'done' END, date '2020-01-01' + g % 1000,
    g * 31 % 9973, repeat('o', 40) FROM generate_series(1, 10000) g;
INSERT INTO i SELECT g / 3, g % 3, g * 13 % 5000, g % 50, g * 17 % 1009 FROM generate_series(3, 30000) g;
INSERT INTO p SELECT g, g * 11 % 5000, g * 3 % 400, g % 7 FROM generate_series(0, 9000) g;
VACUUM ANALYZE c, o, i, p;
-- Whether anything was suggested does not matter here.
CREATE PROCEDURE ask(queries text[]) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM advisor.suggest_indexes(queries);
END $$;
\echo two tables
CALL ask(ARRAY['SELECT c.name FROM c JOIN o ON o.c_id = c.id WHERE c.region = 3 AND o.total > 100 AND o.placed < ''2022-06-01''']);
\echo three tables, ordered, with a limit
CALL ask(ARRAY['SELECT * FROM c JOIN o ON o.c_id = c.id JOIN i ON i.o_id = o.id WHERE o.total > 50 AND i.qty > 3 AND c.region < 20 ORDER BY o.placed DESC, i.price LIMIT 10']);
\echo outer, semi and anti joins
CALL ask(ARRAY['SELECT c.id, o.id FROM c LEFT JOIN o ON o.c_id = c.id AND o.total < 5000 WHERE c.region > 2',
    'SELECT * FROM c WHERE EXISTS (SELECT FROM o WHERE o.c_id = c.id AND o.total > 900) AND c.region <> 4 AND c.born > ''1951-01-01''',
    'SELECT * FROM c WHERE NOT EXISTS (SELECT FROM o WHERE o.c_id = c.id AND o.placed > ''2020-02-01'') AND c.region > 1']);
\echo partitions, with and without pruning, joined and joined part by part
CALL ask(ARRAY['SELECT * FROM p JOIN i ON i.part = p.part WHERE p.v > 20 AND i.qty > 10', 'SELECT * FROM p JOIN c ON c.id = p.v WHERE p.k < 3000 AND p.w > 1 AND c.region > 2']);
SET enable_partitionwise_join = on;
SET enable_partitionwise_aggregate = on;
CALL ask(ARRAY['SELECT * FROM p JOIN i ON i.part = p.part WHERE p.v > 20 AND i.qty > 10', 'SELECT * FROM p JOIN c ON c.id = p.v WHERE p.k < 3000 AND p.w > 1 AND c.region > 2', 'SELECT * FROM p a JOIN p b ON a.k = b.k JOIN i ON i.part = a.part WHERE a.v > 20 AND i.qty > 10']);
RESET enable_partitionwise_join;
RESET enable_partitionwise_aggregate;
\echo subqueries and lateral ones
CALL ask(ARRAY['SELECT c.name, (SELECT max(o.total) FROM o WHERE o.c_id = c.id AND o.status = ''done'') FROM c JOIN p ON p.v = c.region WHERE p.w > 1 AND c.born > ''1950-02-01''',
    'SELECT * FROM c JOIN (SELECT c_id, sum(total) AS s FROM o WHERE placed > ''2020-03-01'' GROUP BY c_id) t ON t.c_id = c.id WHERE t.s > 100 AND c.region > 3',
    'SELECT * FROM c CROSS JOIN LATERAL (SELECT * FROM o WHERE o.c_id = c.id AND o.total > 10 ORDER BY o.placed LIMIT 2) t WHERE c.region > 2']);
\echo union and its kin
CALL ask(ARRAY['SELECT c.id FROM c JOIN o ON o.c_id = c.id WHERE o.total > 100 UNION SELECT i.o_id FROM i JOIN p ON p.part = i.part WHERE i.qty > 5 ORDER BY 1 LIMIT 5',
    'SELECT x.id FROM (SELECT id, region AS r FROM c WHERE born > ''1950-06-01'' UNION ALL SELECT id, total FROM o WHERE total > 10) x JOIN i ON i.o_id = x.id WHERE i.qty > 2']);
\echo common table expressions, inlined, materialised and recursive
CALL ask(ARRAY['WITH t AS (SELECT * FROM o WHERE total > 100) SELECT * FROM t JOIN c ON c.id = t.c_id WHERE c.region > 2',
    'WITH t AS MATERIALIZED (SELECT o.c_id, i.qty FROM o JOIN i ON i.o_id = o.id WHERE o.total > 100) SELECT * FROM t JOIN c ON c.id = t.c_id WHERE c.region > 2',
    'WITH RECURSIVE t(id, n) AS (SELECT id, 1 FROM c WHERE region > 20 UNION ALL SELECT o.id, n + 1 FROM t JOIN o ON o.c_id = t.id WHERE n < 3 AND o.total > 5) SELECT * FROM t JOIN i ON i.o_id = t.id WHERE i.qty > 1']);
\echo partial indexes
CALL ask(ARRAY['SELECT * FROM o JOIN c ON c.id = o.c_id WHERE o.status = ''open'' AND o.total > 10 AND c.region > 1',
    'SELECT * FROM o JOIN i ON i.o_id = o.id WHERE o.status = ''open'' AND i.qty > 1 ORDER BY o.placed LIMIT 3']);
\echo expressions, which have statistics
CREATE INDEX ON c ((lower(name)));
CREATE STATISTICS known.half ON (total / 2) FROM o;
ANALYZE c, o;
CALL ask(ARRAY['SELECT * FROM c JOIN o ON o.total / 2 = c.region WHERE lower(c.name) > ''n2'' AND o.placed > ''2020-02-01''']);
\echo what is written
CALL ask(ARRAY['UPDATE o SET note = ''x'' FROM c WHERE c.id = o.c_id AND c.region > 3 AND o.total > 100',
    'DELETE FROM i USING o WHERE o.id = i.o_id AND o.total < 5000 AND i.qty > 3 AND o.status = ''done''']);
\echo groups, windows and distinct
CALL ask(ARRAY['SELECT c.region, o.status, sum(i.price) FROM c JOIN o ON o.c_id = c.id JOIN i ON i.o_id = o.id WHERE o.total > 20 GROUP BY 1, 2 ORDER BY 1',
    'SELECT DISTINCT ON (o.c_id) o.c_id, i.price FROM o JOIN i ON i.o_id = o.id WHERE i.qty > 2 ORDER BY o.c_id, o.placed DESC',
    'SELECT o.id, row_number() OVER (PARTITION BY o.c_id ORDER BY o.placed) FROM o JOIN c ON c.id = o.c_id WHERE c.region > 2']);
\echo parallel plans
SET min_parallel_table_scan_size = 0;
SET min_parallel_index_scan_size = 0;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
CALL ask(ARRAY['SELECT count(*) FROM c JOIN o ON o.c_id = c.id JOIN i ON i.o_id = o.id WHERE o.total > 50 AND i.qty > 3 AND c.note > ''a''',
    'SELECT p.v, count(*) FROM p JOIN i ON i.part = p.part WHERE p.w > 1 AND i.price > 10 GROUP BY 1',
    'SELECT * FROM c JOIN o ON o.c_id = c.id JOIN i ON i.o_id = o.id WHERE c.name > ''a'' AND o.note > ''a'' AND c.born > ''1950-01-02'' AND i.price > 1 ORDER BY o.placed, c.name LIMIT 10']);
RESET min_parallel_table_scan_size;
RESET min_parallel_index_scan_size;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
\echo other kinds of joins, and the genetic search for them
SET enable_hashjoin = off;
CALL ask(ARRAY['SELECT * FROM c JOIN o ON o.c_id = c.id WHERE c.region > 3 AND o.total > 100']);
SET enable_mergejoin = off;
CALL ask(ARRAY['SELECT * FROM c JOIN o ON o.c_id = c.id JOIN i ON i.o_id = o.id WHERE o.total > 50 AND i.qty > 3 AND c.region < 20 ORDER BY o.placed DESC, i.price LIMIT 10']);
RESET enable_hashjoin;
RESET enable_mergejoin;
SET geqo_threshold = 2;
CALL ask(ARRAY['SELECT * FROM c JOIN o ON o.c_id = c.id JOIN i ON i.o_id = o.id WHERE o.total > 50 AND i.qty > 3 AND c.region < 20 ORDER BY o.placed DESC, i.price LIMIT 10']);
SET client_min_messages = warning;
DROP SCHEMA known CASCADE;
