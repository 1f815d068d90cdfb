-- Asking for advice changes nothing, and the same question has the same answer, in any session and any order.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE SCHEMA effects;
SET search_path = effects;
CREATE TABLE a (id int PRIMARY KEY, x int, y int, s text, at date);
CREATE TABLE b (id int PRIMARY KEY, a_id int, z int, s text);
CREATE TABLE p (k int, v int) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10000);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10000) TO (20001);
INSERT INTO a SELECT g, g % 700, g % 31, CASE WHEN g % 200 = 0 THEN 'open' ELSE 'done' END, date '2020-01-01' + g % 900 FROM generate_series(1, 20000) g;
INSERT INTO b SELECT g, g * 7 % 20000, g % 1000, md5(g::text) FROM generate_series(1, 20000) g;
INSERT INTO p SELECT g, g % 3000 FROM generate_series(0, 20000) g;
CREATE INDEX a_x ON a (x);
CREATE INDEX a_x_y ON a (x, y);
VACUUM ANALYZE a, b, p;
CREATE TABLE asked AS SELECT ARRAY['SELECT * FROM a WHERE x = 5 AND at > ''2021-01-01''', 'SELECT * FROM a WHERE s = ''open'' ORDER BY at DESC LIMIT 5',
    'SELECT * FROM a JOIN b ON b.a_id = a.id WHERE a.y = 3 AND b.z < 50', 'SELECT * FROM p WHERE v = 77', 'SELECT * FROM b WHERE lower(s) = ''x''',
    'SELECT z, count(*) FROM b GROUP BY z ORDER BY z', 'UPDATE b SET z = 1 WHERE a_id = 7', 'SELECT * FROM a WHERE x = 9 OR y = 40'] AS queries;
-- All that could have been touched, as numbers. Not idx_scan: the planner looks at the ends of an index, as it does for EXPLAIN.
CREATE VIEW world AS
SELECT (SELECT md5(string_agg(c::text, '' ORDER BY oid)) FROM pg_class c) AS relations,
       (SELECT md5(string_agg(i::text, '' ORDER BY indexrelid)) FROM pg_index i) AS indexes,
       (SELECT md5(string_agg(s::text, '' ORDER BY starelid, staattnum)) FROM pg_statistic s WHERE starelid > 16383) AS statistics,
       (SELECT md5(string_agg(name || '=' || coalesce(setting, ''), '' ORDER BY name)) FROM pg_settings) AS settings,
       (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND relation IN (SELECT oid FROM pg_class WHERE relnamespace = 'effects'::regnamespace AND relkind <> 'v')) AS locks,
       (SELECT sum(seq_scan + n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables WHERE schemaname = 'effects') AS counters,
       (SELECT count(*) FROM pg_prepared_statements) + (SELECT count(*) FROM pg_cursors WHERE name <> '') AS statements,
       (SELECT count(*) FROM pg_backend_memory_contexts WHERE name LIKE 'pg_advisor%' AND level > (SELECT level FROM pg_backend_memory_contexts WHERE name = 'TopTransactionContext')) AS contexts,
       current_user AS who, current_setting('search_path') AS path, pg_current_xact_id_if_assigned() IS NULL AS no_xid;
SELECT queries FROM asked \gset
BEGIN;
SELECT * FROM world \gset before_
SELECT count(*) > 0 AS some FROM advisor.suggest_indexes(:'queries');
SELECT count(*) > 0 AS some FROM advisor.suggest_indexes(:'queries', storage_budget => 1000000, max_indexes => 3);
SELECT count(*) > 0 AS some FROM advisor.rejected_indexes(:'queries');
SELECT * FROM world \gset after_
SELECT :'before_relations' = :'after_relations' AS relations, :'before_indexes' = :'after_indexes' AS indexes,
       :'before_statistics' = :'after_statistics' AS statistics, :'before_settings' = :'after_settings' AS settings,
       :'after_locks' AS locks, :'before_counters' = :'after_counters' AS counters,
       :'after_statements' AS statements, :'after_contexts' AS contexts, :'before_who' = :'after_who' AS who,
       :'before_path' = :'after_path' AS path, :'after_no_xid' AS no_xid;
COMMIT;
-- Cut off by an error in the middle of it, and by a time limit that is over at once.
BEGIN;
SELECT * FROM world \gset before_
SAVEPOINT s;
SET LOCAL statement_timeout = 1;
SELECT count(*) FROM advisor.suggest_indexes(:'queries'), generate_series(1, 100);
ROLLBACK TO s;
SET LOCAL client_min_messages = warning;
SELECT count(*) >= 0 AS soon FROM advisor.suggest_indexes(:'queries', time_limit => '1 microsecond');
RESET client_min_messages;
SELECT * FROM world \gset after_
SELECT :'before_relations' = :'after_relations' AS relations, :'before_settings' = :'after_settings' AS settings, :'after_locks' AS locks,
       :'after_statements' AS statements, :'after_contexts' AS contexts, :'before_path' = :'after_path' AS path;
COMMIT;
-- The same again; in another session; with the statements the other way round.
CREATE TABLE first AS SELECT s.* FROM asked, advisor.suggest_indexes(queries) s;
CREATE TABLE turned AS SELECT s.* FROM asked, advisor.suggest_indexes((SELECT array_agg(q ORDER BY n DESC) FROM unnest(queries) WITH ORDINALITY u (q, n))) s;
\c -
SET search_path = effects;
CREATE TABLE second AS SELECT s.* FROM asked, advisor.suggest_indexes(queries) s;
SELECT count(*) > 3 AS several FROM first;
(TABLE first EXCEPT TABLE second) UNION ALL (TABLE second EXCEPT TABLE first);
SELECT count(*) AS different FROM (SELECT rank, ddl, undo, index_bytes, cost_after FROM first EXCEPT SELECT rank, ddl, undo, index_bytes, cost_after FROM turned) d;
SET client_min_messages = warning;
DROP SCHEMA effects CASCADE;
