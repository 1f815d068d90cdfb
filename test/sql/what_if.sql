-- advisor.what_if, evaluate_indexes and estimate_index: what they accept, show and refuse.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE SCHEMA what_if;
SET search_path = what_if;
CREATE TABLE t (id int PRIMARY KEY, a int, b text, c date, "Odd ""name" int);
INSERT INTO t SELECT g, g % 1000, md5(g::text), date '2020-01-01' + g % 500, g FROM generate_series(1, 20000) g;
CREATE INDEX t_c ON t (c);
CREATE TABLE p (k int, v int, w text) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10000);
CREATE TABLE p2 (w text, v int, k int);
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10000) TO (20001);
INSERT INTO p SELECT g, g % 1000, 'w' FROM generate_series(1, 20000) g;
CREATE INDEX p_k ON p (k);
VACUUM ANALYZE t;
VACUUM ANALYZE p;
-- plans without their costs
CREATE FUNCTION plan(query text, create_indexes text[] DEFAULT '{}', drop_indexes regclass[] DEFAULT '{}')
RETURNS SETOF text LANGUAGE sql AS
$$ SELECT regexp_replace(l, '  \(cost=.*', '') FROM advisor.what_if(query, create_indexes, drop_indexes) l $$;

SELECT plan('SELECT * FROM t WHERE b = ''x''');
SELECT plan('SELECT * FROM t WHERE b = ''x''', '{CREATE INDEX ON t (b)}');
SELECT plan('SELECT * FROM t WHERE "Odd ""name" = 5', '{"CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON what_if.t USING btree (\"Odd \"\"name\") TABLESPACE pg_default;"}');
SELECT plan('SELECT b FROM t WHERE b > ''ff'' ORDER BY b DESC LIMIT 1', '{CREATE INDEX ON t (b DESC NULLS LAST)}');
SELECT plan('SELECT b, a FROM t WHERE b = ''ff''', '{CREATE INDEX ON t (b) INCLUDE (a)}');
SELECT plan('SELECT * FROM t WHERE lower(b) = ''x'' AND a = 1', '{CREATE INDEX ON t (lower(b)) WHERE a = 1}');
SELECT plan('SELECT * FROM t WHERE a = $1', '{CREATE INDEX ON t (a)}');
SELECT plan('EXPLAIN SELECT * FROM t WHERE b = $1', '{CREATE INDEX ON t (b)}');
SELECT plan('PREPARE s (text) AS SELECT * FROM t WHERE b = $1', '{CREATE INDEX ON t (b)}');
SELECT plan('UPDATE t SET a = 1 WHERE b = ''x''', '{CREATE INDEX ON t (b)}');
SELECT plan('DELETE FROM t WHERE b = ''x''', '{CREATE INDEX ON t (b)}');
SELECT plan('INSERT INTO t SELECT id + 100000, a FROM t WHERE b = ''x''', '{CREATE INDEX ON t (b)}');
SELECT plan('MERGE INTO t USING (VALUES (''x'')) s (b) ON t.b = s.b WHEN MATCHED THEN UPDATE SET a = 1', '{CREATE INDEX ON t (b)}');
SELECT count(*) FROM t WHERE id > 20000 OR a IS NULL;
-- dropped ones
SELECT plan('SELECT * FROM t WHERE c = ''2020-01-05''', '{}', '{t_c}');
SELECT plan('SELECT * FROM t WHERE id = 5', '{}', '{t_pkey, t_c}');
-- partitions: columns of another order, a parent's index, one of a partition, one hidden
SELECT plan('SELECT * FROM p WHERE v = 5', '{CREATE INDEX ON p (v)}');
SELECT plan('SELECT * FROM p WHERE v = $1 AND k = $2', '{"CREATE INDEX ON p (v, k)"}');
SELECT plan('SELECT * FROM p2 WHERE v = 5', '{CREATE INDEX ON p (v)}');
SELECT plan('SELECT * FROM p WHERE v = 5', '{CREATE INDEX ON p2 (v)}');
SELECT plan('SELECT * FROM p WHERE k = 5', '{}', '{p_k}');
SELECT relation, index_bytes > 100000 AS size, height FROM advisor.estimate_index('CREATE INDEX ON p (v)');
-- several at once
SELECT query, calls, cost_after < cost_before / 10 AS helps, cost_before = cost_after AS same, indexes_used
FROM advisor.evaluate_indexes('{CREATE INDEX ON t (b), CREATE INDEX ON t (a)}', '{t_c}',
    ARRAY['SELECT * FROM t WHERE b = $1', 'SELECT * FROM t WHERE id = 1', 'SELECT 1', 'SELECT * FROM p WHERE k = 1']);
SELECT query, cost_after > cost_before * 3 AS hurts, indexes_used
FROM advisor.evaluate_indexes('{}', '{t_c}', ARRAY['SELECT * FROM t WHERE c = ''2020-01-05''']);
-- what the writes of each statement pay: by columns set, by heap-only updates that end, and saved by a drop
SELECT left(query, 40) AS query, write_overhead > 0 AS costs, write_overhead < 0 AS saves, write_overhead = 0 AS nothing
FROM advisor.evaluate_indexes('{CREATE INDEX ON t (a)}', '{}', ARRAY['INSERT INTO t VALUES ($1)', 'DELETE FROM t WHERE id = 1',
    'UPDATE t SET a = 1 WHERE id = 1', 'UPDATE t SET b = '''' WHERE id = 1', 'SELECT * FROM t WHERE a = 1', 'INSERT INTO p VALUES (1)',
    'WITH w AS (DELETE FROM t RETURNING id) SELECT * FROM w', 'WITH w AS (DELETE FROM p RETURNING k) SELECT * FROM w', 'SELEC']);
SELECT left(query, 40) AS query, write_overhead > 0 AS costs, write_overhead < 0 AS saves, write_overhead = 0 AS nothing
FROM advisor.evaluate_indexes('{}', '{t_c, p_k}', ARRAY['INSERT INTO t VALUES ($1)', 'UPDATE t SET c = now() WHERE id = 1',
    'UPDATE t SET b = '''' WHERE id = 1', 'INSERT INTO p VALUES (1)', 'INSERT INTO p2 VALUES (1)']);
SELECT left(query, 40) AS query, write_overhead > 0 AS costs FROM advisor.evaluate_indexes('{CREATE INDEX ON p (v)}', queries => '{INSERT INTO p VALUES (1), DELETE FROM p1}');
SELECT left(query, 40) AS query, write_overhead FROM advisor.evaluate_indexes('{CREATE INDEX ON p2 (v)}', queries => '{INSERT INTO p VALUES (1)}');
-- as suggest_indexes says
SELECT s.write_overhead > 0 AS costs, abs(e.sum - s.write_overhead) < 0.000001 * s.write_overhead AS same
FROM (SELECT ARRAY['SELECT * FROM t WHERE a = $1', 'UPDATE t SET a = 0 WHERE id = $1', 'INSERT INTO t VALUES ($1)']) q (texts),
    advisor.suggest_indexes(texts) s, LATERAL (SELECT sum(calls * write_overhead) FROM advisor.evaluate_indexes(ARRAY[s.ddl], queries => texts)) e;
-- what cannot be planned keeps its row
SELECT query, cost_before, cost_after, indexes_used
FROM advisor.evaluate_indexes('{CREATE INDEX ON t (b)}', '{}',
    ARRAY['SELECT * FROM gone', 'VACUUM t', 'SELECT 1; SELECT 2', 'SELEC', '', 'INSERT INTO t VALUES (1) ON CONFLICT (id) DO NOTHING']);
SELECT query, cost_before IS NOT NULL AS planned
FROM advisor.evaluate_indexes('{}', '{t_pkey}', ARRAY['INSERT INTO t VALUES (1) ON CONFLICT (id) DO NOTHING']);
-- large texts
SELECT cost_after IS NOT NULL AS planned FROM advisor.evaluate_indexes('{CREATE INDEX ON t (a)}', '{}',
    ARRAY[(SELECT 'SELECT * FROM t WHERE a IN (' || string_agg(g::text, ',') || ')' FROM generate_series(5000, 10000) g)]);
SELECT count(*) > 0 FROM advisor.what_if('SELECT ' || repeat(' ', 1000000) || ' 1');
-- refusals
SELECT advisor.what_if(NULL);
SELECT advisor.what_if('');
SELECT advisor.what_if('CREATE TABLE x ()');
SELECT advisor.what_if('SELECT 1; SELECT 2');
SELECT advisor.what_if('SELECT * FROM t WHERE');
SELECT advisor.what_if('SELECT 1', NULL);
SELECT advisor.what_if('SELECT 1', ARRAY[NULL]);
SELECT advisor.what_if('SELECT 1', '{}', ARRAY[NULL]::regclass[]);
SELECT advisor.what_if('SELECT 1', '{}', '{t}');
SELECT advisor.what_if('SELECT 1', '{SELECT 1}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON t (a); CREATE INDEX ON t (b)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON t (nope)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON nope (a)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON t USING gin (b)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON t USING nope (b)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON t (random())}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON t (a) WHERE c > now()}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON t (a text_ops)}');
SELECT advisor.what_if('SELECT 1', ARRAY['CREATE INDEX ON t (a COLLATE "C")']);
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON t (ctid)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON pg_class (relpages)}');
SELECT advisor.what_if('SELECT 1', '{CREATE UNIQUE INDEX ON p (v)}');
SELECT advisor.evaluate_indexes('{}', '{}', '{}');
SELECT advisor.evaluate_indexes('{}', '{}', ARRAY[NULL]);
-- privileges and row security are the caller's
CREATE ROLE what_if_user;
GRANT USAGE ON SCHEMA what_if TO what_if_user;
CREATE TABLE secured (id int, tenant int, v int);
INSERT INTO secured SELECT g, g % 100, g FROM generate_series(1, 10000) g;
ANALYZE secured;
ALTER TABLE secured ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_tenant ON secured USING (tenant = current_setting('app.tenant')::int);
GRANT SELECT ON secured TO what_if_user;
SET ROLE what_if_user;
SELECT plan('SELECT * FROM t WHERE b = ''x''', '{CREATE INDEX ON t (b)}');
SELECT query, cost_before FROM advisor.evaluate_indexes('{}', '{}', '{SELECT * FROM t}');
SELECT plan('SELECT * FROM secured WHERE v = 7', '{CREATE INDEX ON secured (v)}');
SELECT cost_after < cost_before FROM advisor.evaluate_indexes('{CREATE INDEX ON secured (tenant)}', '{}', '{SELECT * FROM secured}');
RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA what_if CASCADE;
DROP OWNED BY what_if_user;
DROP ROLE what_if_user;
