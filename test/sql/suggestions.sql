-- advisor.suggest_indexes: what is suggested for which statement, in what order, and that it holds.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA suggestions;
SET search_path = suggestions;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TABLE t (id int PRIMARY KEY, customer int, kind int, day date, amount numeric, note text);
INSERT INTO t SELECT g, g % 4000, g % 7, date '2020-01-01' + g % 1500, g % 977, md5(g::text) FROM generate_series(1, 50000) g;
CREATE TABLE item (id int PRIMARY KEY, t_id int, product int, pad text);
INSERT INTO item SELECT g, g % 50000, g % 3000, repeat('p', 20) FROM generate_series(1, 60000) g;
CREATE TABLE tiny (id int, v int);
INSERT INTO tiny SELECT g, g FROM generate_series(1, 100) g;
-- Statistics of all rows: nothing hangs on which ones a sample has.
SET default_statistics_target = 200;
VACUUM ANALYZE t, item, tiny;
RESET default_statistics_target;
CREATE FUNCTION keys(queries text[]) RETURNS TABLE (relation regclass, keys text) LANGUAGE sql AS
$$ SELECT relation, regexp_replace(ddl, '^.* USING ', '') FROM advisor.suggest_indexes(queries) ORDER BY rank $$;

-- One statement, one shape.
SELECT * FROM keys('{SELECT * FROM t WHERE customer = 5}');
SELECT * FROM keys('{SELECT * FROM t WHERE customer = $1}');
SELECT * FROM keys('{"SELECT * FROM t WHERE customer IN (5, 6, 7)"}');
SELECT * FROM keys('{SELECT * FROM t WHERE customer = ANY ($1)}');
SELECT * FROM keys(ARRAY['SELECT * FROM t WHERE day BETWEEN ''2020-03-01'' AND ''2020-03-02''']);
SELECT * FROM keys('{SELECT * FROM t WHERE amount > 970 AND customer = 5}');
SELECT * FROM keys(ARRAY['SELECT * FROM t WHERE kind = 3 AND day >= ''2024-02-01'' AND customer = 5']);
SELECT * FROM keys('{SELECT * FROM t ORDER BY day DESC LIMIT 10}');
SELECT * FROM keys('{"SELECT * FROM t WHERE kind = $1 ORDER BY day DESC, amount LIMIT 10"}');
SELECT * FROM keys('{SELECT DISTINCT customer FROM t WHERE customer < 30}');
SELECT * FROM keys('{"SELECT day, count(*) FROM t WHERE customer = 4 GROUP BY day"}');
SELECT * FROM keys('{SELECT max(amount) FROM t}');
SELECT * FROM keys('{SELECT * FROM t WHERE lower(note) = $1}');
SELECT * FROM keys('{UPDATE t SET amount = 0 WHERE customer = 5}');
SELECT * FROM keys('{DELETE FROM t WHERE note = $1}');
-- Joins: the outer side's filter and the inner side's key.
SELECT * FROM keys('{SELECT i.* FROM t JOIN item i ON i.t_id = t.id WHERE t.customer = 5}');
SELECT * FROM keys('{SELECT * FROM t WHERE customer = 3 AND EXISTS (SELECT FROM item i WHERE i.t_id = t.id AND i.product = 4)}');
-- One index for several statements; none for what is there, small, or nobody's.
SELECT count(*), min(statements) FROM advisor.suggest_indexes('{SELECT * FROM t WHERE customer = 5,
    SELECT * FROM t WHERE customer = 7 AND day = $1, SELECT note FROM t WHERE customer = $1 ORDER BY day}');
SELECT * FROM keys('{SELECT * FROM t WHERE id = 5, SELECT * FROM t WHERE id > 49990, SELECT * FROM t ORDER BY id LIMIT 3}');
SELECT * FROM keys('{SELECT * FROM tiny WHERE v = 5, SELECT * FROM t, SELECT count(*) FROM item, SELECT 1}');
SELECT * FROM keys('{SELECT * FROM pg_catalog.pg_attribute WHERE attlen + 0 = 5}');
SELECT * FROM keys('{INSERT INTO tiny VALUES ($1)}');
CREATE TEMP TABLE fleeting AS SELECT g AS v FROM generate_series(1, 30000) g;
ANALYZE fleeting;
SELECT * FROM keys('{SELECT * FROM fleeting WHERE v = 5}');
DROP TABLE fleeting;

-- Rows chain, the best come first, limits are kept.
CREATE TABLE queries AS SELECT ARRAY['SELECT * FROM t WHERE customer = $1', 'SELECT * FROM t WHERE note = $1',
    'SELECT * FROM t WHERE day = $1', 'SELECT * FROM item WHERE t_id = $1', 'SELECT * FROM item WHERE product = $1'] AS texts;
SELECT count(*), bool_and(rank = number) AS ranks, bool_and(cost_before = before) AS chained,
    bool_and(cost_after < cost_before) AS cheaper,
    bool_and(abs(improvement - (cost_before - cost_after) / first) < 0.001) AS improvement,
    bool_and(index_bytes > 100000) AS bytes, bool_and(write_overhead >= 0) AS overhead, bool_and(reason <> '') AS reason,
    bool_and(action = 'create' AND access_method = 'btree' AND ddl LIKE 'CREATE INDEX CONCURRENTLY %') AS ddl,
    bool_and(undo LIKE 'DROP INDEX CONCURRENTLY %') AS undo
FROM (SELECT s.*, row_number() OVER w AS number, coalesce(lag(cost_after) OVER w, cost_before) AS before,
          first_value(cost_before) OVER w AS first
      FROM queries, advisor.suggest_indexes(texts) s WINDOW w AS (ORDER BY rank)) s;
SELECT count(*) FROM queries, advisor.suggest_indexes(texts, max_indexes => 2);
SELECT count(*) FROM queries, advisor.suggest_indexes(texts, max_indexes => 0);
SELECT count(*) > 0 AS some, sum(index_bytes) <= 1500000 AS within
FROM queries, advisor.suggest_indexes(texts, storage_budget => 1500000);
SELECT count(*) FROM queries, advisor.suggest_indexes(texts, storage_budget => 0);
SELECT count(*) FROM queries, advisor.suggest_indexes(texts, min_improvement => 1);
-- The first step's promise is what evaluate_indexes says of it, and both are what the planner says afterwards.
SELECT ddl, cost_after AS promised FROM advisor.suggest_indexes('{SELECT * FROM t WHERE customer = 5}') \gset
SELECT abs(cost_after - :promised) < 0.01 AS evaluated FROM advisor.evaluate_indexes(ARRAY[:'ddl'], queries => '{SELECT * FROM t WHERE customer = 5}');
:ddl;
CREATE FUNCTION cost(query text) RETURNS float8 LANGUAGE plpgsql AS
$$ DECLARE plan json; BEGIN EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Total Cost'; END $$;
SELECT abs(cost('SELECT * FROM t WHERE customer = 5') - :promised) <= 0.02 * :promised AS kept;
SELECT * FROM keys('{SELECT * FROM t WHERE customer = 5}');
DROP INDEX t_customer_idx;

-- Names that need quotes: what is printed can be run as it is, and undone.
CREATE SCHEMA "Sch ""e.ma";
CREATE TABLE "Sch ""e.ma"."select" ("order" int, "Größe '1'" int, "a b" int,
    abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_123456789 int, """;DROP TABLE x;--" int);
INSERT INTO "Sch ""e.ma"."select" SELECT g, g, g, g, g FROM generate_series(1, 20000) g;
CREATE TABLE "Sch ""e.ma".abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_12345678 AS
    SELECT g AS "user", g AS abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_123456789 FROM generate_series(1, 20000) g;
VACUUM ANALYZE "Sch ""e.ma"."select", "Sch ""e.ma".abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_12345678;
CREATE VIEW present AS SELECT tablename, indexdef FROM pg_indexes WHERE schemaname IN ('suggestions', 'Sch "e.ma');
CREATE TABLE before AS SELECT * FROM present;
CREATE TABLE plan AS SELECT row_number() OVER () AS number, s.* FROM advisor.suggest_indexes(ARRAY[
    'SELECT * FROM "Sch ""e.ma"."select" WHERE "order" = $1', 'SELECT * FROM "Sch ""e.ma"."select" WHERE "Größe ''1''" = $1',
    'SELECT * FROM "Sch ""e.ma"."select" WHERE "a b" = $1',
    'SELECT * FROM "Sch ""e.ma"."select" WHERE abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_123456789 = $1',
    'SELECT * FROM "Sch ""e.ma"."select" WHERE """;DROP TABLE x;--" = $1',
    'SELECT * FROM "Sch ""e.ma".abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_12345678 WHERE "user" = $1',
    'SELECT * FROM "Sch ""e.ma".abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_12345678
     WHERE abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_123456789 = $1']) s;
SELECT ddl FROM plan ORDER BY ddl COLLATE "C" \gexec
SELECT indexdef FROM present EXCEPT SELECT indexdef FROM before ORDER BY 1;
SELECT undo FROM plan ORDER BY ddl COLLATE "C" \gexec
SELECT count(*) FROM (TABLE present EXCEPT TABLE before UNION ALL (TABLE before EXCEPT TABLE present)) d;

-- A name that is taken is not used again.
CREATE INDEX t_customer_idx ON t (note);
SELECT ddl FROM advisor.suggest_indexes('{SELECT * FROM t WHERE customer = 5}') \gexec
SELECT indexdef FROM present WHERE tablename = 't' ORDER BY indexdef;
DROP INDEX t_customer_idx, t_customer_idx1;

-- Partitions: a script, run as psql runs it.
CREATE TABLE parts (k int, v int, w text) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10000);
CREATE TABLE "Parts 2" PARTITION OF parts FOR VALUES FROM (10000) TO (20001) PARTITION BY RANGE (k);
CREATE TABLE parts_2a PARTITION OF "Parts 2" FOR VALUES FROM (10000) TO (15000);
CREATE TABLE parts_2b PARTITION OF "Parts 2" FOR VALUES FROM (15000) TO (20001);
INSERT INTO parts SELECT g, g % 5000, 'w' FROM generate_series(0, 20000) g;
VACUUM ANALYZE parts;
TRUNCATE before;
INSERT INTO before TABLE present;
SELECT relation, ddl, undo FROM advisor.suggest_indexes('{SELECT * FROM parts WHERE v = 5}') \gset
\echo :ddl
:ddl;
SELECT indexrelid::regclass, indrelid::regclass, indisvalid FROM pg_index WHERE indrelid IN
    (SELECT relid FROM pg_partition_tree('parts')) ORDER BY indexrelid::regclass::text COLLATE "C";
SELECT * FROM keys('{SELECT * FROM parts WHERE v = 5}');
\echo :undo
:undo;
SELECT count(*) FROM (TABLE present EXCEPT TABLE before UNION ALL (TABLE before EXCEPT TABLE present)) d;

-- Autovacuum analyses partitions, never their parent; one that was attached may have its columns in another order.
CREATE TABLE leaves (k int, v int, w text) PARTITION BY RANGE (k);
CREATE TABLE leaves_1 PARTITION OF leaves FOR VALUES FROM (0) TO (10000);
CREATE TABLE leaves_2 (w text, gone int, v int, k int);
ALTER TABLE leaves_2 DROP COLUMN gone;
ALTER TABLE leaves ATTACH PARTITION leaves_2 FOR VALUES FROM (10000) TO (20001);
INSERT INTO leaves SELECT g, g % 5000, 'w' FROM generate_series(0, 20000) g;
VACUUM ANALYZE leaves_1, leaves_2;
SELECT count(*) FROM pg_stats WHERE tablename = 'leaves';
SELECT * FROM keys('{SELECT * FROM leaves WHERE v = 5}');
DROP TABLE leaves;

-- The recorded workload: by calls; single runs beside a running system do not count.
SELECT advisor.reset();
DO $$ BEGIN
    FOR i IN 1..40 LOOP
        EXECUTE format('SELECT count(*) FROM t WHERE customer = %s', i);
        EXECUTE 'SELECT sum(length(note)) FROM t WHERE customer = $1 AND day > $2' USING i, date '2020-01-01';
    END LOOP;
    PERFORM count(*) FROM t WHERE note = 'once';
    PERFORM count(*) FROM tiny WHERE v = 3;
END $$;
SELECT rank, relation, regexp_replace(ddl, '^.* USING ', '') AS keys, statements, cardinality(queryids) = statements AS ids,
    time_saved > 0 AS saves FROM advisor.index_suggestions;
SELECT bool_and(calls = 40) AS calls, count(*) FROM advisor.statements
WHERE queryid IN (SELECT unnest(queryids) FROM advisor.index_suggestions);
SELECT ddl FROM advisor.index_suggestions \gexec
SELECT count(*) FROM advisor.index_suggestions;
SELECT advisor.reset();
SELECT count(*) FROM advisor.index_suggestions;

SET client_min_messages = warning;
DROP SCHEMA suggestions CASCADE;
DROP SCHEMA "Sch ""e.ma" CASCADE;
