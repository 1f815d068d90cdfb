# advisor.statements says the same as pg_stat_statements beside it about statements of all kinds that end in all
# ways. The names of some tables mark what is compared otherwise, see Truth.pm: in_portal, in_planning, outliving,
# unidentified (statements that have no query id). Aliases would not do, query ids do not depend on them.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;
use Truth;

my @like_item = qw(
	plain_count plain_first plain_perform deep_down sql_last inlined_body in_portal_lazy outliving_lazy
	many_one many_two executed in_portal_held after_held in_portal_bound in_portal_all in_portal_exit
	in_portal_dynamic outliving in_portal_err unidentified err_row err_savepoint err_explained err_parallel
	err_denied outliving_bound);
my @like_part = qw(
	plain_exists plain_scalar deepest in_planning err_before err_inside err_caught err_handler
	err_in_loop err_deferred worker_count owned_count identified unidentified_part savepoint_count);

my @parts = (
	{
		name => 'definitions',
		failures => 2,
		least => 30,
		sql => q{
CREATE TABLE item (id int PRIMARY KEY, grp int NOT NULL, name text, pad text DEFAULT repeat('x', 100));
INSERT INTO item SELECT g, g % 50, 'item ' || g FROM generate_series(1, 20000) g;
CREATE TABLE part (id serial PRIMARY KEY, item_id int REFERENCES item ON UPDATE CASCADE ON DELETE CASCADE,
	qty int DEFAULT 1 CHECK (qty >= 0));
INSERT INTO part (item_id, qty) SELECT g % 5000 + 1, g % 7 FROM generate_series(1, 10000) g;
CREATE INDEX ON item (grp);
CREATE INDEX CONCURRENTLY part_item ON part (item_id);
ALTER TABLE item ADD COLUMN note text DEFAULT 'none', ALTER COLUMN name SET NOT NULL;
ALTER TABLE part ADD CONSTRAINT fk_again FOREIGN KEY (item_id) REFERENCES item;
ALTER TABLE part DROP CONSTRAINT fk_again;
ALTER TABLE item ALTER COLUMN grp TYPE bigint;
ALTER TABLE item ALTER COLUMN grp TYPE int USING grp::int;
COMMENT ON TABLE item IS 'it''s an item';
CREATE SCHEMA sub CREATE TABLE inner_table (id serial PRIMARY KEY) CREATE VIEW inner_view AS SELECT * FROM sub.inner_table;
CREATE TABLE like_item (LIKE item INCLUDING ALL);
CREATE TABLE parted (id int, day date) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (1000) TO (100000);
INSERT INTO parted SELECT g, current_date + g % 10 FROM generate_series(1, 3000) g;
UPDATE parted SET id = id + 900 WHERE id BETWEEN 500 AND 600;
CREATE TABLE made AS SELECT id, name FROM unidentified WHERE grp = 3;
CREATE TABLE made_empty AS SELECT * FROM item WITH NO DATA;
SELECT id, grp INTO made_too FROM unidentified WHERE id < 100;
CREATE MATERIALIZED VIEW mat_unidentified AS SELECT grp, count(*) AS n FROM unidentified GROUP BY grp;
CREATE UNIQUE INDEX ON mat_unidentified (grp);
REFRESH MATERIALIZED VIEW mat_unidentified;
REFRESH MATERIALIZED VIEW CONCURRENTLY mat_unidentified;
CREATE VIEW seen AS SELECT i.id, i.name, p.qty FROM item i JOIN part p ON p.item_id = i.id;
CREATE STATISTICS item_stats ON grp, name FROM item;
VACUUM ANALYZE item, part;
VACUUM FULL made;
CLUSTER item USING item_pkey;
REINDEX TABLE part;
ANALYZE;
TRUNCATE made_too, made;
LOCK TABLE part IN SHARE MODE;
BEGIN; LOCK TABLE part IN SHARE MODE; COMMIT;
SHOW work_mem; SET work_mem = '128kB'; RESET work_mem; SET LOCAL work_mem = '1MB';
LISTEN news; NOTIFY news, 'extra'; UNLISTEN *;
CHECKPOINT;
CREATE EXTENSION pg_freespacemap;
SELECT count(*) FROM pg_freespace('part');
DROP EXTENSION pg_freespacemap;
CREATE SEQUENCE numbers;
SELECT nextval('numbers'), setval('numbers', 100);
DROP TABLE made, made_too, made_empty;
DISCARD TEMP;
SELECT * FROM seen WHERE id = 17;
SELECT count(*) FROM sub.inner_table;
SELECT count(*) FROM sub.inner_view;
EXPLAIN SELECT * FROM item AS explained_only WHERE id = 1;
EXPLAIN (COSTS off) UPDATE item AS explained_only SET grp = 0;
EXPLAIN (ANALYZE, BUFFERS, WAL, TIMING off, SUMMARY off) SELECT count(*) FROM item WHERE grp = 4;
EXPLAIN ANALYZE UPDATE item SET name = name || '!' WHERE grp = 5;
EXPLAIN ANALYZE CREATE TABLE explained AS SELECT * FROM unidentified WHERE grp = 6;
EXPLAIN EXECUTE nothing;
}
	},
	{
		name => 'data',
		sql => q{
INSERT INTO item (id, grp, name) VALUES (30001, 1, 'a'), (30002, 2, 'b') RETURNING id, name;
INSERT INTO item (id, grp, name) VALUES (30001, 1, 'a') ON CONFLICT DO NOTHING;
INSERT INTO item (id, grp, name) SELECT g, 1, 'c' FROM generate_series(29990, 30010) g
	ON CONFLICT (id) DO UPDATE SET name = excluded.name || item.name WHERE item.id > 30000 RETURNING *;
UPDATE item SET grp = grp + 1 WHERE id BETWEEN 100 AND 900 RETURNING id;
UPDATE item SET id = id + 100000 WHERE id < 50;
DELETE FROM item WHERE id > 100000 AND id % 2 = 0 RETURNING name;
DELETE FROM part USING item WHERE item.id = part.item_id AND item.grp = 9;
MERGE INTO item USING (SELECT g AS id FROM generate_series(19990, 20040) g) s ON item.id = s.id
	WHEN MATCHED AND s.id % 2 = 0 THEN UPDATE SET name = 'merged'
	WHEN MATCHED THEN DELETE
	WHEN NOT MATCHED THEN INSERT (id, grp, name) VALUES (s.id, 1, 'new');
WITH gone AS (DELETE FROM part WHERE qty = 3 RETURNING *), more AS (INSERT INTO part (item_id, qty) SELECT item_id, 4 FROM gone RETURNING id)
	SELECT (SELECT count(*) FROM gone), count(*) FROM more;
WITH RECURSIVE up (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM up WHERE n < 500) SELECT sum(n) FROM up;
VALUES (1, 'one'), (2, 'two');
TABLE mat_unidentified;
SELECT * FROM item ORDER BY pad, name DESC LIMIT 5;
SELECT name, row_number() OVER (PARTITION BY grp ORDER BY id) FROM item;
SELECT a.grp, count(*) FROM item a JOIN item b USING (pad) WHERE a.id < 100 AND b.id < 100 GROUP BY a.grp ORDER BY 1;
SELECT DISTINCT name FROM item;
SELECT string_agg(name, ',' ORDER BY name) FROM item GROUP BY id % 3;
SELECT count(*) FROM item a JOIN item b ON a.name = b.name;
SELECT * FROM item WHERE id = 5 FOR UPDATE;
SELECT count(*) FROM (SELECT 1 FROM item WHERE grp = 7 FOR SHARE) s;
SELECT 1 WHERE false;
SELECT;
UPDATE item SET name = 'nobody' WHERE id = -1;
CREATE TEMP TABLE passing ON COMMIT DROP AS SELECT 1 AS unidentified;
CREATE TEMP TABLE local_one (id int, pad text);
INSERT INTO local_one SELECT g, repeat('y', 500) FROM generate_series(1, 5000) g;
UPDATE local_one SET id = id + 1;
SELECT sum(id) FROM local_one;
COPY part (item_id, qty) FROM stdin;
60	1
61	2
62	3
\.
COPY (SELECT * FROM unidentified_part WHERE item_id < 100) TO stdout;
COPY part TO stdout (FORMAT csv);
COPY (DELETE FROM unidentified_part WHERE item_id = 60 RETURNING *) TO stdout;
SELECT lo_unlink(lo_from_bytea(0, repeat('z', 10000)::bytea)) > 0;
},
		counts => [ [ '^SELECT a.grp', '1|50|0' ], [ '^COPY part \(item_id', '1|3|0' ], [ '^MERGE', '1|51|0' ] ]
	},
	{
		name => 'nested',
		sql => q{
CREATE FUNCTION plain(which int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint; one text; BEGIN
	SELECT count(*) INTO found FROM plain_count WHERE grp = which;
	SELECT name INTO one FROM plain_first WHERE grp = which;
	PERFORM 1 FROM plain_perform WHERE id < which;
	UPDATE item SET name = one WHERE id = which;
	IF EXISTS (SELECT FROM plain_exists WHERE item_id = which) THEN found := found + (SELECT max(id) FROM plain_scalar); END IF;
	RETURN found;
END $$;
SELECT plain(1), plain(2);
SELECT plain(g) FROM generate_series(1, 20) g;
SELECT count(*) FROM plain_count WHERE grp = 1;
CREATE FUNCTION deep(depth int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE below int; BEGIN
	IF depth = 0 THEN RETURN (SELECT count(*) FROM deepest); END IF;
	SELECT deep(depth - 1) + id INTO below FROM deep_down WHERE id = depth * 50;
	RETURN below;
END $$;
SELECT deep(0), deep(1), deep(60);
SELECT deep(110);
CREATE FUNCTION in_sql(which int) RETURNS bigint VOLATILE LANGUAGE sql AS $$
	UPDATE item SET name = 'by sql' WHERE id = which;
	SELECT count(*) FROM sql_last WHERE grp = which $$;
SELECT in_sql(3), in_sql(4);
CREATE FUNCTION inlined(which int) RETURNS SETOF inlined_body STABLE LANGUAGE sql AS $$ SELECT * FROM inlined_body WHERE grp = which $$;
SELECT count(*) FROM inlined(8);
CREATE FUNCTION lazily(which int) RETURNS SETOF int VOLATILE LANGUAGE sql AS $$ SELECT id FROM in_portal_lazy WHERE grp = which $$;
SELECT lazily(8);
CREATE FUNCTION lazily_cut(which int) RETURNS SETOF int VOLATILE LANGUAGE sql AS $$ SELECT id FROM outliving_lazy WHERE grp = which $$;
SELECT lazily_cut(9) LIMIT 3;
SELECT count(*) FROM lazily(10);
CREATE FUNCTION standard(which int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC
	SELECT count(*) FROM unidentified WHERE grp = which; END;
SELECT standard(1) + standard(2);
CREATE FUNCTION many() RETURNS SETOF int LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY SELECT id FROM many_one WHERE grp = 5;
	RETURN QUERY EXECUTE 'SELECT id FROM many_two WHERE grp = $1' USING 6;
	RETURN NEXT 5;
END $$;
SELECT count(*) FROM many();
SELECT many() LIMIT 2;
CREATE FUNCTION constant() RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM in_planning); END $$;
SELECT constant();
SELECT id FROM item WHERE id = constant();
CREATE TABLE log (id serial, what text);
CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO log (what) VALUES (TG_OP || TG_WHEN || TG_LEVEL);
	IF TG_LEVEL = 'ROW' AND TG_OP <> 'DELETE' THEN NEW.qty := (SELECT count(*) FROM log trigger_count) % 100; END IF;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION on_many() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM sum(qty) FROM changed transition; RETURN NULL; END $$;
CREATE TRIGGER t1 BEFORE INSERT OR UPDATE OR DELETE ON part FOR EACH ROW EXECUTE FUNCTION on_change();
CREATE TRIGGER t2 AFTER INSERT OR UPDATE OR DELETE ON part FOR EACH STATEMENT EXECUTE FUNCTION on_change();
CREATE TRIGGER t3 AFTER UPDATE ON part REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION on_many();
INSERT INTO part (item_id) VALUES (70), (71), (72);
UPDATE part SET qty = 2 WHERE item_id BETWEEN 70 AND 75;
DELETE FROM part WHERE item_id = 72;
DELETE FROM item WHERE id = 71;
COPY part (item_id) FROM stdin;
80
81
\.
DROP TRIGGER t1 ON part; DROP TRIGGER t2 ON part; DROP TRIGGER t3 ON part;
CREATE RULE keep_log AS ON DELETE TO log DO ALSO INSERT INTO log (what) VALUES ('deleted');
DELETE FROM log WHERE id < 3;
DO $$ BEGIN FOR i IN 1..1200 LOOP EXECUTE 'SELECT 1' || (SELECT string_agg(CASE WHEN i & (1 << b) > 0 THEN ' + 1' ELSE ' - 1' END, '') FROM generate_series(0, 10) b); END LOOP; END $$;
DO $$ BEGIN FOR i IN 1..5 LOOP EXECUTE format('SELECT count(*) FROM executed WHERE grp = %s', i); EXECUTE 'CREATE TABLE short_lived (id int)'; EXECUTE 'DROP TABLE short_lived'; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1..70000 LOOP PERFORM i FROM (SELECT 1) many_times; END LOOP; END $$;
CREATE PROCEDURE stepwise(steps int) LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1..steps LOOP
		INSERT INTO log (what) VALUES ('step');
		IF i % 3 = 0 THEN ROLLBACK; ELSE COMMIT; END IF;
	END LOOP;
END $$;
CALL stepwise(7);
CREATE PROCEDURE outer_one() LANGUAGE plpgsql AS $$ BEGIN CALL stepwise(4); PERFORM count(*) FROM log after_call; CALL stepwise(2); END $$;
CALL outer_one();
CREATE PROCEDURE over_rows() LANGUAGE plpgsql AS $$ DECLARE r record;
BEGIN
	FOR r IN SELECT id FROM in_portal_held WHERE grp = 11 LOOP
		UPDATE item SET name = 'held' WHERE id = r.id;
		COMMIT;
	END LOOP;
	PERFORM count(*) FROM after_held;
END $$;
CALL over_rows();
CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM count(*) FROM pg_event_trigger_ddl_commands() in_event; END $$;
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION on_ddl();
CREATE TABLE watched (id int PRIMARY KEY);
DROP EVENT TRIGGER watch;
},
		least => 1250,
		counts => [
			[ '^SELECT.*deep_down', '171|171|0' ],
			[ '^SELECT.*many_times', '70000|70000|0' ],
			[ 'FROM in_planning', '2|2|0' ],
			[ '^SELECT.*in_portal_held', '1|400|0' ],
			[ '^SELECT.*in_portal_lazy', '2|800|0' ],
			[ '^SELECT.*outliving_lazy', '1|3|0' ],
			[ '^$', '2|2|0' ],
			[ '^SELECT \$1( [+-] \$\d+){11}$', '1200|1200|0' ] ]
	},
	{
		name => 'cursors',
		failures => 1,
		sql => q{
BEGIN;
DECLARE closed CURSOR FOR SELECT id FROM unidentified ORDER BY id;
FETCH 3 FROM closed; MOVE 5 FROM closed; FETCH ALL FROM closed; CLOSE closed;
DECLARE backward SCROLL CURSOR FOR SELECT id FROM unidentified ORDER BY id DESC;
FETCH 10 FROM backward; FETCH BACKWARD 3 FROM backward; FETCH LAST FROM backward; FETCH ABSOLUTE 2 FROM backward; CLOSE backward;
DECLARE left_open CURSOR FOR SELECT id FROM unidentified;
FETCH 2 FROM left_open;
DECLARE never_fetched CURSOR FOR SELECT id FROM unidentified;
DECLARE hold CURSOR WITH HOLD FOR SELECT id, pad FROM unidentified;
FETCH 4 FROM hold;
DECLARE updating CURSOR FOR SELECT * FROM unidentified_part WHERE item_id < 1000 FOR UPDATE;
FETCH updating;
UPDATE unidentified_part SET qty = 5 WHERE CURRENT OF updating;
COMMIT;
FETCH 10 FROM hold; CLOSE hold;
BEGIN;
DECLARE rolled_back CURSOR FOR SELECT id FROM unidentified;
FETCH 5 FROM rolled_back;
ROLLBACK;
BEGIN;
SAVEPOINT s;
DECLARE from_savepoint CURSOR FOR SELECT id FROM unidentified ORDER BY id;
FETCH 1 FROM from_savepoint;
RELEASE s;
SAVEPOINT t;
FETCH 2 FROM from_savepoint;
DECLARE forgotten CURSOR FOR SELECT id FROM unidentified;
FETCH 3 FROM forgotten;
ROLLBACK TO t;
FETCH 4 FROM from_savepoint;
CLOSE from_savepoint;
COMMIT;
CREATE FUNCTION loops(which int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE r record; o refcursor; c CURSOR (w int) FOR SELECT id FROM in_portal_bound WHERE grp = w; n int := 0; BEGIN
	FOR r IN SELECT id FROM in_portal_all WHERE grp = which LOOP n := n + 1; END LOOP;
	FOR r IN SELECT id FROM in_portal_exit WHERE grp = which LOOP EXIT; END LOOP;
	FOR r IN EXECUTE 'SELECT id FROM in_portal_dynamic WHERE grp = $1' USING which LOOP n := n + 1; END LOOP;
	FOR r IN c(which) LOOP n := n + 1; EXIT WHEN n % 7 = 0; END LOOP;
	OPEN c(which); FETCH c INTO r; MOVE FORWARD 3 FROM c; FETCH c INTO r; CLOSE c;
	OPEN o FOR SELECT id FROM outliving_bound WHERE grp = which; FETCH o INTO r;
	RETURN n;
END $$;
SELECT loops(12);
CREATE FUNCTION giving(name refcursor, which int) RETURNS refcursor LANGUAGE plpgsql AS $$
BEGIN OPEN name FOR SELECT id FROM outliving WHERE grp = which; RETURN name; END $$;
BEGIN;
SELECT giving('given', 13);
FETCH 5 FROM given;
CLOSE given;
SELECT giving('given', 14);
FETCH 6 FROM given;
COMMIT;
\set FETCH_COUNT 7
SELECT id FROM unidentified WHERE id BETWEEN 1000 AND 1099;
INSERT INTO log (what) SELECT 'fetched' FROM generate_series(1, 30) RETURNING id;
SELECT 10 / (id - 1050) FROM unidentified WHERE id BETWEEN 1000 AND 1099 ORDER BY id;
\unset FETCH_COUNT
SELECT n FROM generate_series(1, 2) n \gset ignored_
},
		counts => [
			[ '^SELECT.*in_portal_all', '1|400|0' ],
			[ '^SELECT.*in_portal_exit', '1|10|0' ],
			[ '^SELECT.*in_portal_bound', '2|10|0' ],
			[ '^SELECT.*outliving WHERE', '2|11|0' ],
			[ '^SELECT.*outliving_bound', '1|1|0' ],
			[ 'DECLARE closed', '3|8007|0' ] ]
	},
	{
		name => 'prepared',
		failures => 3,
		sql => q{
PREPARE looking (int) AS SELECT name FROM item looking WHERE grp = $1;
EXECUTE looking (1); EXECUTE looking (2); EXECUTE looking (3); EXECUTE looking (4); EXECUTE looking (5); EXECUTE looking (6); EXECUTE looking (7);
SET plan_cache_mode = force_generic_plan;
EXECUTE looking (8); EXECUTE looking (9);
SET plan_cache_mode = force_custom_plan;
EXECUTE looking (10);
RESET plan_cache_mode;
PREPARE changing (int, text) AS UPDATE item SET name = $2 WHERE id = $1 RETURNING name;
EXECUTE changing (1000, 'a'); EXECUTE changing (1001, 'b');
PREPARE unused AS SELECT 'never run';
PREPARE explained_only (int) AS SELECT id, name, grp FROM item WHERE grp = $1;
EXPLAIN EXECUTE explained_only (1);
EXPLAIN (ANALYZE, TIMING off) EXECUTE looking (1);
CREATE TABLE from_prepared AS EXECUTE looking (11);
ANALYZE item;
EXECUTE looking (12);
ALTER TABLE item ADD COLUMN more int;
EXECUTE looking (13);
PREPARE wrong (int) AS SELECT 10 / $1 AS prepared_wrong;
EXECUTE wrong (1); EXECUTE wrong (0);
SET plan_cache_mode = force_generic_plan;
EXECUTE wrong (1); EXECUTE wrong (0);
RESET plan_cache_mode;
DEALLOCATE changing;
DEALLOCATE ALL;
EXECUTE looking (1);
},
		counts => [ [ '^PREPARE wrong', '2|2|2' ], [ '^PREPARE changing', '2|2|0' ] ]
	},
	{
		name => 'errors',
		failures => 29,
		sql => q{
SELECT 1 / 0 AS err_folded;
SELECT 10 / (id - 1005) FROM err_row WHERE id BETWEEN 1000 AND 1010 ORDER BY id;
INSERT INTO item (id, grp, name) SELECT g, 1, 'err_unique' FROM generate_series(50000, 50100) g UNION ALL SELECT 1000, 1, 'x';
INSERT INTO part (item_id, qty) VALUES (-1, 17);
INSERT INTO part (item_id, qty) VALUES (1000, -17);
SET statement_timeout = '100ms';
SELECT pg_sleep(60) AS err_timeout;
RESET statement_timeout;
SELECT no_such_column AS err_parse FROM item;
SELEC err_syntax;
CREATE TABLE item ();
COPY part (item_id, qty) FROM stdin;
1	2
x	3
\.
CREATE FUNCTION fails(how int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	PERFORM count(*) FROM err_before;
	PERFORM 10 / how FROM err_inside;
	RETURN 1;
END $$;
SELECT fails(0) AS err_outside;
SELECT fails(1) AS err_outside;
CREATE FUNCTION catches(how int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM count(*) / how FROM err_caught;
	RETURN 'fine';
EXCEPTION WHEN division_by_zero THEN
	PERFORM count(*) FROM err_handler;
	RETURN 'caught';
END $$;
SELECT catches(0), catches(1), catches(0);
SELECT catches(g % 2) FROM generate_series(1, 50) g;
DO $$ BEGIN FOR i IN 1..40 LOOP BEGIN EXECUTE 'INSERT INTO item (id, grp, name) VALUES (1000, 1, ''err_again'')'; EXCEPTION WHEN unique_violation THEN NULL; END; END LOOP; END $$;
DO $$ DECLARE r record; BEGIN
	FOR r IN SELECT id FROM in_portal_err WHERE grp = 15 LOOP PERFORM 10 / (r.id - r.id) FROM err_in_loop; END LOOP;
END $$;
CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM 10 / (NEW.qty - 13) FROM err_deferred; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON part DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit();
BEGIN;
INSERT INTO part (item_id, qty) VALUES (1000, 12) RETURNING qty AS deferred_fine;
COMMIT;
BEGIN;
INSERT INTO part (item_id, qty) VALUES (1000, 13) RETURNING qty AS deferred_fine;
COMMIT;
INSERT INTO part (item_id, qty) VALUES (1000, 13) RETURNING qty AS deferred_alone;
BEGIN;
INSERT INTO part (item_id, qty) VALUES (1000, 13);
SET CONSTRAINTS ALL IMMEDIATE;
ROLLBACK;
DROP TRIGGER late ON part;
CREATE TABLE deferred (id int REFERENCES item DEFERRABLE INITIALLY DEFERRED);
BEGIN; INSERT INTO deferred VALUES (-1); COMMIT;
CREATE ROLE reader;
SET ROLE reader;
SELECT count(*) FROM err_denied;
RESET ROLE;
BEGIN;
SELECT count(*) FROM savepoint_count;
SAVEPOINT s;
SELECT 10 / (id - 1005) FROM err_savepoint WHERE id BETWEEN 1000 AND 1010 ORDER BY id;
SELECT 1 AS err_aborted;
ROLLBACK TO s;
SELECT count(*) FROM savepoint_count;
COMMIT;
SELECT 1 AS err_first \; SELECT 1 / (count(*) - count(*)) AS err_second FROM part \; SELECT 1 AS err_third;
BEGIN;
DECLARE failing CURSOR FOR SELECT 10 / (id - 1005) FROM unidentified WHERE id BETWEEN 1000 AND 1010;
FETCH 2 FROM failing;
FETCH 10 FROM failing;
ROLLBACK;
EXPLAIN ANALYZE SELECT 10 / (id - 1005) FROM err_explained WHERE id BETWEEN 1000 AND 1010;
CREATE TABLE err_made AS SELECT 10 / (id - 1005) FROM unidentified WHERE id BETWEEN 1000 AND 1010;
VACUUM no_such_table;
BEGIN; VACUUM part; ROLLBACK;
ROLLBACK TO nowhere;
SET no.such_thing.at_all = '';
SET work_mem = 'much';
SELECT (SELECT id FROM item) AS err_many_rows;
DO $$ BEGIN RAISE EXCEPTION 'err_raised'; END $$;
},
		counts => [
			[ '^SELECT \$1 / \$2 AS err_folded', '0|0|1', '22012' ],
			[ '^SELECT.*err_row', '0|0|1', '22012' ],
			[ '^INSERT INTO item .*UNION ALL', '0|0|1', '23505' ],
			[ '^INSERT INTO part \(item_id, qty\) VALUES \(\$\d, \$\d\)$', '1|1|2', '23514' ],
			[ 'err_timeout', '0|0|1', '57014' ],
			[ 'err_parse|err_syntax|err_aborted|err_third', '||', '' ],
			[ '^CREATE TABLE item', '0|0|1', '42P07' ],
			[ '^COPY part', '0|0|1', '22P02' ],
			[ '^SELECT.*err_before', '2|2|0', '' ],
			[ '^SELECT.*err_inside', '1|100|1', '22012' ],
			[ 'err_outside', '1|1|1', '22012' ],
			[ '^SELECT .*err_caught', '26|26|27', '22012' ],
			[ '^SELECT.*err_handler', '27|27|0', '' ],
			[ 'INSERT INTO item .id, grp, name. VALUES', '0|0|40', '23505' ],
			[ '^SELECT.*in_portal_err', '||', '' ],
			[ '^SELECT.*err_in_loop', '0|0|1', '22012' ],
			[ '^SELECT.*err_deferred', '1|100|3', '22012' ],
			[ 'deferred_fine', '3|3|0', '' ],
			[ 'SET CONSTRAINTS', '0|0|1', '22012' ],
			[ 'INTO deferred', '1|1|0', '' ],
			[ '^SELECT.*err_denied', '0|0|1', '42501' ],
			[ 'savepoint_count', '2|2|0', '' ],
			[ '^SELECT.*err_savepoint', '0|0|1', '22012' ],
			[ 'err_first', '1|1|0', '' ],
			[ 'err_second', '0|0|1', '22012' ],
			[ '^FETCH .* FROM failing', '1|2|1', '22012' ],
			[ 'VACUUM', '0|0|2', '25001,42P01' ],
			[ 'err_many_rows', '0|0|1', '21000' ] ]
	},
	{
		name => 'parallel workers',
		failures => 1,
		sql => q{
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SELECT count(*), sum(length(pad)) FROM item;
SELECT grp, count(*) FROM item GROUP BY grp ORDER BY grp;
SELECT count(*) FROM item a JOIN part b ON a.id = b.item_id WHERE a.pad > 'a';
SELECT * FROM item ORDER BY pad, name LIMIT 10;
CREATE TABLE parallel_made AS SELECT * FROM unidentified WHERE grp < 20;
CREATE FUNCTION in_worker(which int) RETURNS bigint PARALLEL SAFE LANGUAGE plpgsql AS $$
BEGIN RETURN (SELECT count(*) FROM worker_count WHERE item_id = which); END $$;
SELECT count(*) FROM item WHERE id < 200 AND in_worker(id) > 1;
SELECT plain(5);
CREATE INDEX ON item (name);
SET max_parallel_maintenance_workers = 2;
CREATE INDEX ON item (pad);
VACUUM (PARALLEL 2) item;
SELECT 10 / (id - 1005) FROM err_parallel;
EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) SELECT count(*) AS explained FROM item;
SELECT count(*) FROM item WHERE grp = 1 LIMIT 1;
SELECT id FROM item WHERE pad LIKE 'x%' LIMIT 5;
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM unidentified WHERE pad LIKE 'x%';
FETCH 5 FROM c;
CLOSE c;
COMMIT;
},
		counts => [ [ '^SELECT.*FROM err_parallel', '0|0|1', '22012' ] ]
	},
	{
		name => 'transactions',
		sql => q{
BEGIN; INSERT INTO log (what) VALUES ('one'); SAVEPOINT a; INSERT INTO log (what) VALUES ('two'); ROLLBACK TO a;
INSERT INTO log (what) VALUES ('three'); RELEASE a; COMMIT;
START TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM log; ROLLBACK;
BEGIN; INSERT INTO log (what) VALUES ('four'); PREPARE TRANSACTION 'twin';
COMMIT PREPARED 'twin';
BEGIN; UPDATE log SET what = 'five' WHERE id = 1; PREPARE TRANSACTION 'twin';
ROLLBACK PREPARED 'twin';
BEGIN; INSERT INTO log (what) VALUES ('six'); COMMIT AND CHAIN; INSERT INTO log (what) VALUES ('seven'); ROLLBACK AND CHAIN; SELECT count(*) FROM log; END;
SELECT 1 AS part_one \; SELECT 2 AS part_two, count(*) FROM log \; INSERT INTO log (what) VALUES ('part three');
BEGIN \; INSERT INTO log (what) VALUES ('inside') \; COMMIT \; SELECT count(*) AS outside FROM log;
CREATE TABLE same_text (id int) \; INSERT INTO same_text VALUES (1), (2) \; TABLE same_text \; DROP TABLE same_text;
;
;;
\;
COMMIT;
ROLLBACK;
DO $$ BEGIN FOR i IN 1..30 LOOP
	BEGIN INSERT INTO log (what) VALUES ('sub'); IF i % 3 = 0 THEN RAISE EXCEPTION 'undo'; END IF; EXCEPTION WHEN raise_exception THEN NULL; END;
END LOOP; END $$;
SET compute_query_id = off;
SELECT count(*) FROM identified;
CREATE TABLE without_id (id int);
SELECT plain(3);
RESET compute_query_id;
SELECT count(*) FROM identified;
},
		counts => [ [ 'FROM identified', '1|1|0' ], [ 'without_id|FROM plain_count', '||' ], [ '^INSERT INTO log .what. VALUES .\$1.$', '38|38|0' ] ]
	},
	{
		name => 'users',
		sql => q{
CREATE ROLE clerk;
CREATE ROLE auditor;
GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk, auditor;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO clerk, auditor;
GRANT clerk TO auditor;
CREATE FUNCTION as_owner() RETURNS bigint SECURITY DEFINER LANGUAGE plpgsql AS $$
BEGIN INSERT INTO log (what) VALUES ('by owner'); RETURN (SELECT count(*) FROM owned_count); END $$;
CREATE FUNCTION as_caller() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM owned_count); END $$;
CREATE PROCEDURE switching() LANGUAGE plpgsql AS $$ BEGIN
	PERFORM count(*) FROM log switched; SET ROLE auditor; PERFORM count(*) FROM log switched; END $$;
SET ROLE clerk;
SELECT as_owner(), as_caller();
SELECT count(*) FROM owned_count;
INSERT INTO part (item_id) VALUES (1000);
CREATE TEMP TABLE mine AS SELECT 1 AS unidentified;
CALL switching();
SELECT count(*) FROM owned_count;
SET SESSION AUTHORIZATION clerk;
SELECT count(*) FROM owned_count;
RESET SESSION AUTHORIZATION;
RESET ROLE;
SELECT as_owner(), as_caller();
CREATE TABLE guarded (id int, owner text DEFAULT current_user);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON guarded USING (owner = current_user);
GRANT ALL ON guarded TO clerk;
INSERT INTO guarded SELECT 1;
SET ROLE clerk; INSERT INTO guarded SELECT 2; SELECT * FROM guarded; RESET ROLE;
SELECT count(*) FROM guarded;
SELECT count(*) FROM pg_stat_user_tables;
},
		counts => [ [ 'FROM owned_count\)?$', '7|7|0' ] ]
	},
	{
		name => 'texts',
		sql => join(
			"\n",
			q{SELECT 'Grüße, 世界' AS "größe", name AS "名前" FROM item WHERE name = 'ñandú' OR name = E'\\u00e9t\\u00e9' OR name = U&'\\0441';},
			q{   SELECT   /* before */ 1  /* between */, -2, +3, - 4, 5.5e10, .5, -1::int, 'a'},
			q{'b' -- behind},
			q{FROM item WHERE id = 3 -- the end},
			q{;},
			q{SELECT $$dollar$$, $tag$quoted ' $$ text$tag$, B'101', X'1F', N'national', E'it\\'s', 'it''s';},
			q{SELECT ARRAY[1, 2, 3], ROW(1, 'x'), '{1,2}'::int[], date '2020-01-01', interval '1' day, true, null, CASE 1 WHEN 2 THEN 3 END;},
			q{SELECT * FROM item WHERE id IN (1, 2, 3, 4, 5);},
			q{SELECT * FROM item WHERE id IN (1, 2, 3, 4, 5, 6);},
			q{SELECT * FROM item WHERE id = ANY ('{1,2,3}') AND name LIKE 'it%' LIMIT 10 OFFSET 2;},
			q{SELECT a.b FROM (VALUES (1), (2)) a (b) WHERE a.b BETWEEN 1 AND 1 + 1 ORDER BY 1, 1 + 1 \\; SELECT 'second', 2;},
			q{SELECT count(*) FROM item WHERE name ~ '^\\d+$' AND pad = 'x' || chr(39);},
			q{INSERT INTO log (what) VALUES ('multi} . "\n" . q{line'), (E'tab\t');},
			'SELECT ' . join(' + ', 1 .. 2000) . ' AS medium_text;',
			"SELECT '" . ('long ' x 20000) . "' AS constant_text;",
			'SELECT ' . join(', ', map { "name AS column_number_$_" } 1 .. 1000) . ' FROM item WHERE id = 7;',
			"SELECT 1 AS too_long_text /* " . ('é' x 50000) . ' */, 2;',
			q{SET standard_conforming_strings = off \\; COMMENT ON TABLE item IS 'ends in a backslash \\';},
			q{RESET standard_conforming_strings;},
			q{SELECT 1 AS alive;})
		. "\n",
		# Ours keeps 64 kB of a text, and none that the settings of the moment do not let it scan again.
		figures => q{figure = 'query' AND (text ~ 'too_long_text' AND octet_length(ours) BETWEEN 60000 AND 65536
			AND starts_with(theirs, left(ours, 32000)) OR text ~ '^COMMENT' AND ours IS NULL)},
		counts => [ [ 'AS alive', '1|1|0' ], [ 'too_long_text', '1|1|0' ], [ '^SET standard', '1|0|0' ] ]
	});

sub statements
{
	my ($node) = @_;
	$node->safe_psql(
		'postgres',
		join('',
			(map { "CREATE TABLE $_ AS SELECT g AS id, g % 50 AS grp, 'name ' || g AS name, repeat('x', 100) AS pad FROM generate_series(1, 20000) g WHERE g % 50 < 20;" } @like_item),
			(map { "CREATE TABLE $_ AS SELECT g AS id, g AS item_id, g % 7 AS qty FROM generate_series(1, 100) g;" } @like_part)));
	foreach my $part (@parts)
	{
		forget();
		my ($rc, $out, $err) =
		  $node->psql('postgres', $part->{sql}, on_error_stop => 0, extra_params => ['-v', 'VERBOSITY=verbose']);
		is($rc, 0, "$part->{name}: ran");
		my $failures = () = $err =~ /(?:ERROR|FATAL): /g;
		is($failures, $part->{failures} // 0, "$part->{name}: as many statements failed as shall") or diag($err);
		same($part->{name}, least => $part->{least}, figures => $part->{figures});
		foreach my $check (@{ $part->{counts} // [] })
		{
			my ($pattern, $figures, $state) = @$check;
			is(counts($pattern), $figures, "$part->{name}: calls, rows and errors of $pattern");
			is(states($pattern), $state, "$part->{name}: last error of $pattern") if defined $state;
		}
		# What psql said, for whoever looks at a failure.
		append_to_file("${PostgreSQL::Test::Utils::log_path}/psql_$part->{name}.log", "$err\n$out\n");
	}
	return;
}

in_both_orders('kinds', \&statements);
done_testing();
