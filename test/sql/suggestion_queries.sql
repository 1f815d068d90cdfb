-- advisor.suggestion_queries: which statements one index is for, and how their plans read it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE SCHEMA explained;
SET search_path = explained;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status text, placed date, note text);
INSERT INTO orders SELECT g, g % 4000, CASE WHEN g % 100 = 0 THEN 'open' ELSE 'done' END, date '2020-01-01' + g % 1500,
    md5(g::text) FROM generate_series(1, 30000) g;
CREATE TABLE parts (k int, v int, w text) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10000);
CREATE TABLE "Parts 2" PARTITION OF parts FOR VALUES FROM (10000) TO (20001);
INSERT INTO parts SELECT g, g % 5000, 'w' FROM generate_series(0, 20000) g;
VACUUM ANALYZE orders, parts;
-- costs are rounded: the last digits are the machine's
CREATE FUNCTION effect(ddl text, queries text[]) RETURNS TABLE (query text, calls bigint, cheaper numeric, usage text) LANGUAGE sql AS
$$ SELECT query, calls, round(improvement::numeric, 1), usage FROM advisor.suggestion_queries(ddl, queries) $$;
\x on
-- Of all statements those that the index matters to, most gain first; how, in the words of EXPLAIN.
SELECT * FROM effect('CREATE INDEX CONCURRENTLY orders_customer_id_idx ON explained.orders USING btree (customer_id) INCLUDE (status)', ARRAY[
    'SELECT customer_id FROM orders WHERE customer_id = 42',
    'SELECT * FROM orders WHERE customer_id = $1',
    'SELECT * FROM orders ORDER BY customer_id DESC LIMIT 10',
    'SELECT o.* FROM orders o JOIN parts p ON o.customer_id = p.v WHERE p.k = 1',
    'UPDATE orders SET note = ''n'' WHERE customer_id = 8',
    'SELECT * FROM orders WHERE id = 5',
    'INSERT INTO orders VALUES (0)']);
-- Twice in one plan, with a name that needs quotes; a name in a constant is none.
SELECT * FROM effect('CREATE INDEX "My index" ON orders (customer_id)', ARRAY[
    'SELECT * FROM orders WHERE customer_id = 1 UNION ALL SELECT * FROM orders WHERE customer_id = 2',
    'SELECT * FROM orders WHERE note = ''Index Scan using "My index": Index Cond: (x)''']);
-- Without a name it gets one; long lists are cut.
SELECT calls, length(usage) < 600 AS short, right(usage, 3) AS cut, left(usage, 95) AS usage FROM effect('CREATE INDEX ON orders (customer_id, placed)',
    ARRAY[(SELECT 'SELECT * FROM orders WHERE customer_id IN (' || string_agg(g::text, ', ') || ')' FROM generate_series(5000, 5200) g)]);
SELECT * FROM effect('CREATE INDEX ON orders (placed) WHERE status = ''open''',
    '{SELECT * FROM orders WHERE status = ''open'' ORDER BY placed DESC LIMIT 5}');
-- A cost that changes without the index being read: by what a unique index says of its column.
SELECT * FROM effect('CREATE UNIQUE INDEX ON orders (note)',
    '{SELECT p.k FROM parts p LEFT JOIN orders o ON o.note = p.w}');
-- Nobody it is for.
SELECT * FROM effect('CREATE INDEX ON orders (status)', '{SELECT * FROM orders WHERE id = 5, SELECT 1}');
-- The script of a partitioned table is one index; evaluate_indexes and what_if take it as well.
SELECT ddl FROM advisor.suggest_indexes('{SELECT * FROM parts WHERE v = 5}') \gset
SELECT * FROM effect(:'ddl', '{SELECT * FROM parts WHERE v = 5, SELECT * FROM parts_1 WHERE v = 6, SELECT * FROM parts WHERE k = 5}');
SELECT cost_after < cost_before / 5 AS helps, indexes_used FROM advisor.evaluate_indexes(ARRAY[:'ddl'], queries => '{SELECT * FROM parts WHERE v = 5}');
-- Once it exists: what it does now.
SELECT ddl AS customer_ddl FROM advisor.suggest_indexes('{SELECT * FROM orders WHERE customer_id = 42}') \gset
:ddl;
:customer_ddl;
ANALYZE orders;
SELECT * FROM effect(:'customer_ddl', '{SELECT * FROM orders WHERE customer_id = 42, SELECT * FROM orders WHERE id = 5}');
SELECT * FROM effect(:'ddl', '{SELECT * FROM parts WHERE v = 5}');
SELECT * FROM effect('CREATE INDEX ON orders (id)', ARRAY['SELECT * FROM orders WHERE id = 5', 'INSERT INTO orders VALUES (1) ON CONFLICT (id) DO NOTHING']);
DROP INDEX orders_customer_id_idx;
\x off

-- The recorded workload: values of parameters are planned with and not shown, constants of texts are as in the text.
SELECT advisor.reset();
DO $$ BEGIN
    FOR i IN 1..30 LOOP
        EXECUTE 'SELECT count(*) FROM orders WHERE customer_id = $1' USING 4711;
    END LOOP;
END $$;
SELECT count(*) FROM orders WHERE customer_id = 815 AND note > 'a';
SELECT count(*) FROM orders WHERE id = 7;
SELECT e.queryid = s.queryid AS same, e.query = s.query AS text, e.calls, s.query, e.improvement > 0.9 AS helps, e.usage
FROM advisor.suggestion_queries('CREATE INDEX orders_customer_id_idx ON explained.orders USING btree (customer_id)') e
JOIN advisor.statements s ON s.queryid = e.queryid ORDER BY e.calls DESC;

-- The keyword of EXTRACT is no value.
PREPARE of_year AS SELECT id FROM orders WHERE extract(year FROM placed) = $1;
EXECUTE of_year(2031);
SELECT usage FROM advisor.suggestion_queries('CREATE INDEX ON orders (extract(year FROM placed))');

-- Refusals.
SELECT advisor.suggestion_queries(NULL);
SELECT advisor.suggestion_queries('');
SELECT advisor.suggestion_queries('DROP INDEX orders_pkey');
SELECT advisor.suggestion_queries('CREATE INDEX ON orders (nope)');
SELECT advisor.suggestion_queries('CREATE INDEX ON orders (note); CREATE INDEX ON orders (status)');
SELECT advisor.suggestion_queries('CREATE INDEX ON ONLY parts (w); DROP TABLE parts');
SELECT advisor.suggestion_queries('CREATE INDEX ON orders (note)', '{}');
SELECT advisor.suggestion_queries('CREATE INDEX ON orders (note)', ARRAY[NULL]);
SELECT advisor.suggestion_queries('CREATE INDEX ON orders (note)', '{SELEC}');
SELECT count(*) FROM advisor.suggestion_queries('CREATE INDEX ON orders (note)', '{SELEC, SELECT FROM orders WHERE note = ''x''}');
-- Privileges are the caller's.
CREATE ROLE explained_user;
GRANT USAGE ON SCHEMA explained TO explained_user;
SET ROLE explained_user;
SELECT advisor.suggestion_queries('CREATE INDEX ON orders (note)', '{SELECT FROM orders WHERE note = ''x''}');
RESET ROLE;
GRANT SELECT (note) ON orders TO explained_user;
SET ROLE explained_user;
SELECT advisor.suggestion_queries('CREATE INDEX ON orders (note)', '{SELECT id FROM orders WHERE note = ''x''}');
RESET ROLE;

SET client_min_messages = warning;
DROP SCHEMA explained CASCADE;
DROP OWNED BY explained_user;
DROP ROLE explained_user;
SELECT advisor.reset();
