-- Where the planner skips through an index whose first column it is not asked for (18 and later), that index is enough:
-- no second one without the first column. Before 18 there is one.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE SCHEMA skip_scan;
SET search_path = skip_scan;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE orders (id int PRIMARY KEY, status int, customer_id int, placed date, note text);
INSERT INTO orders SELECT g, g % 3, g / 3 % 8000, date '2020-01-01' + g % 1500, md5(g::text) FROM generate_series(1, 60000) g;
CREATE INDEX orders_status_customer ON orders (status, customer_id);
-- Statistics of all rows: nothing hangs on which ones a sample has.
SET default_statistics_target = 200;
VACUUM ANALYZE orders;
SELECT current_setting('server_version_num')::int >= 180000 AS skips \gset
-- Status has three values: three descents instead of one.
SELECT count(*) = CASE WHEN :'skips' THEN 0 ELSE 1 END AS as_the_planner_needs
FROM advisor.suggest_indexes(ARRAY['SELECT * FROM orders WHERE customer_id = 42']);
-- Both queries are new: one index for both where that is enough.
DROP INDEX orders_status_customer;
SELECT count(*) <= CASE WHEN :'skips' THEN 1 ELSE 2 END AS no_more_than_needed, min(improvement) > 0 AS all_help
FROM advisor.suggest_indexes(ARRAY['SELECT * FROM orders WHERE customer_id = 42', 'SELECT * FROM orders WHERE status = 1 AND customer_id = 77']);
-- A first column of very many values is not skipped by any version.
CREATE INDEX orders_placed_customer ON orders (placed, customer_id);
SELECT ddl FROM advisor.suggest_indexes(ARRAY['SELECT * FROM orders WHERE customer_id = 42']);
SET client_min_messages = warning;
DROP SCHEMA skip_scan CASCADE;
