-- advisor.rejected_indexes: what was considered and is not suggested, and why.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE SCHEMA rejected;
SET search_path = rejected;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status text, placed date, note text);
INSERT INTO orders SELECT g, g % 4000, CASE WHEN g % 100 = 0 THEN 'open' ELSE 'done' END, date '2020-01-01' + g % 1500,
    md5(g::text) FROM generate_series(1, 30000) g;
CREATE TABLE small (id int, name text);
INSERT INTO small SELECT g, 'n' FROM generate_series(1, 50) g;
VACUUM ANALYZE orders, small;
CREATE TABLE unknown (id int, x int);
-- Figures are rounded away: the last digits are the machine's.
CREATE FUNCTION rejected(queries text[], storage_budget bigint DEFAULT NULL, min_improvement float8 DEFAULT 0.01,
    max_indexes int DEFAULT NULL) RETURNS TABLE (relation regclass, ddl text, gain numeric, sound boolean, reason text) LANGUAGE sql AS
$$ SELECT relation, ddl, round(improvement::numeric, 1),
          ddl IS NULL OR (index_bytes > 0 AND cost_after > 0 AND write_overhead >= 0
              AND abs(improvement - (cost_before - cost_after) / cost_before) < 1e-9),
          regexp_replace(reason, '\d[\d,.]*', 'N', 'g')
   FROM advisor.rejected_indexes(queries, storage_budget, min_improvement, max_indexes) $$;
\x on
-- Another one does the same work, or begins with the same columns.
SELECT * FROM rejected(ARRAY['SELECT * FROM orders WHERE customer_id = 42 AND placed = ''2020-05-05''']);
SELECT * FROM rejected(ARRAY['SELECT * FROM orders WHERE customer_id = 42', 'SELECT * FROM orders WHERE customer_id = 43 AND placed > ''2024-01-01'' ORDER BY placed LIMIT 5']);
-- No plan uses it.
SELECT * FROM rejected(ARRAY['SELECT * FROM orders WHERE placed > ''2020-02-01''']);
-- It does not fit into the budget, or into the number.
SELECT * FROM rejected(ARRAY['SELECT * FROM orders WHERE customer_id = 42'], storage_budget => 50000);
SELECT * FROM rejected(ARRAY['SELECT * FROM orders WHERE customer_id = 42', 'SELECT * FROM orders WHERE note = ''x'''], max_indexes => 1);
SELECT * FROM rejected(ARRAY['SELECT * FROM orders WHERE customer_id = 42', 'SELECT * FROM orders WHERE placed = ''2020-05-05'''], storage_budget => 500000);
-- It brings too little.
SELECT * FROM rejected(ARRAY['SELECT * FROM orders WHERE customer_id = 42', 'SELECT * FROM orders a, orders b'], min_improvement => 0.5);
-- Tables that are not looked at.
SELECT * FROM rejected(ARRAY['SELECT * FROM small WHERE id = 5', 'SELECT * FROM unknown WHERE x = 1']);
-- Such a table is named with the advice, too, if it is large enough for an index.
CREATE TABLE fresh AS SELECT g AS id, g % 1000 AS x FROM generate_series(1, 20000) g;
SELECT ddl FROM advisor.suggest_indexes(ARRAY['SELECT * FROM unknown WHERE x = 1', 'SELECT * FROM fresh WHERE x = 1']);
-- Nothing considered.
SELECT * FROM rejected(ARRAY['SELECT * FROM orders WHERE id = 5']);
-- Upkeep exceeds use; evaluate_indexes tells it, too. In a session without plans from before the reset.
\c -
SET search_path = rejected;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SELECT advisor.reset();
SELECT count(*) FROM orders WHERE note = 'x';
SELECT count(*) FROM orders WHERE note = 'x';
INSERT INTO orders SELECT g, g, 'new', '2024-01-01', md5(g::text) FROM generate_series(30001, 60000) g;
INSERT INTO orders SELECT g, g, 'new', '2024-01-01', md5(g::text) FROM generate_series(60001, 90000) g;
SELECT ddl FROM advisor.suggest_indexes();
SELECT * FROM rejected(NULL);
SELECT query LIKE 'INSERT%' AS writes, calls, write_overhead > 1000 AS dear FROM advisor.evaluate_indexes('{CREATE INDEX ON rejected.orders (note)}')
WHERE query LIKE '%orders%' ORDER BY 1;
-- Every DDL runs, beside the suggestions and one another.
SELECT string_agg(ddl, ';') AS all_ddl FROM (SELECT ddl FROM advisor.suggest_indexes(ARRAY['SELECT * FROM orders WHERE customer_id = 42 AND placed = ''2020-05-05'''])
    UNION ALL SELECT ddl FROM advisor.rejected_indexes(ARRAY['SELECT * FROM orders WHERE customer_id = 42 AND placed = ''2020-05-05'''])) d \gset
SELECT replace(:'all_ddl', 'CONCURRENTLY ', '') AS all_ddl \gset
:all_ddl;
\x off
-- Refusals.
SELECT advisor.rejected_indexes(storage_budget => -1);
SELECT advisor.rejected_indexes(ARRAY['SELEC']);
SET client_min_messages = warning;
DROP SCHEMA rejected CASCADE;
SELECT advisor.reset();
