-- Nothing of a what-if may be seen by a statement that runs: neither by one that runs while planning, nor by
-- those that come after an error, nor by cached plans.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE SCHEMA leaks;
SET search_path = leaks;
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
INSERT INTO t SELECT g, g % 1000, md5(g::text) FROM generate_series(1, 20000) g;
VACUUM ANALYZE t;

CREATE FUNCTION shows(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; result text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        result := result || line || E'\n';
    END LOOP;
    RETURN CASE WHEN result LIKE '%hypothetical%' THEN 'leaked: ' || result ELSE 'clean' END;
END $$;
CREATE FUNCTION used(query text, ddl text) RETURNS boolean LANGUAGE sql AS
$$ SELECT bool_or(l LIKE '%<hypothetical>%') FROM advisor.what_if(query, ARRAY[ddl]) l $$;

-- an immutable function, folded while planning, runs SQL on the same table
CREATE FUNCTION looks_up(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
$$ BEGIN RETURN (SELECT count(*) FROM leaks.t WHERE a = $1); END $$;
SELECT used('SELECT * FROM t WHERE a = looks_up(5)', 'CREATE INDEX ON t (a)');
SELECT used('SELECT * FROM t WHERE a = looks_up(5) AND b = ''x''', 'CREATE INDEX ON t (b)');
SELECT count(*) FROM t WHERE a = looks_up(5);

-- an error while planning
CREATE FUNCTION fails(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no such luck'; END $$;
SELECT advisor.what_if('SELECT * FROM t WHERE a = fails(5)', '{CREATE INDEX ON t (a)}');
SELECT count(*) FROM t WHERE a = 5;
SELECT shows('SELECT * FROM t WHERE a = 5');
SELECT advisor.what_if('SELECT 1/0 FROM t WHERE a = 5', '{CREATE INDEX ON t (a)}');
SELECT shows('SELECT * FROM t WHERE a = 5');
SELECT count(*) FROM t WHERE a = 5;

-- the same in subtransactions
BEGIN;
SAVEPOINT one;
SELECT advisor.what_if('SELECT * FROM t WHERE a = fails(5)', '{CREATE INDEX ON t (a)}');
ROLLBACK TO one;
SELECT shows('SELECT * FROM t WHERE a = 5');
SELECT used('SELECT * FROM t WHERE a = 5', 'CREATE INDEX ON t (a)');
SAVEPOINT two;
SELECT advisor.what_if('SELECT * FROM no_such_table', '{CREATE INDEX ON t (a)}');
ROLLBACK TO two;
SELECT count(*) FROM t WHERE a = 5;
SELECT shows('SELECT * FROM t WHERE a = 5');
COMMIT;
DO $$
BEGIN
    PERFORM advisor.what_if('SELECT * FROM leaks.t WHERE a = leaks.fails(5)', '{CREATE INDEX ON leaks.t (a)}');
EXCEPTION WHEN raise_exception THEN
    RAISE NOTICE 'caught: %', sqlerrm;
    PERFORM count(*) FROM leaks.t WHERE a = 5;
END $$;

-- cached plans, generic and custom
PREPARE p (int) AS SELECT count(*) FROM t WHERE a = $1;
SELECT used('PREPARE q (int) AS SELECT count(*) FROM t WHERE a = $1', 'CREATE INDEX ON t (a)');
EXECUTE p (1);
SET plan_cache_mode = force_generic_plan;
SELECT used('SELECT count(*) FROM t WHERE a = $1', 'CREATE INDEX ON t (a)');
DO $$
BEGIN
    FOR i IN 1..10 LOOP
        EXECUTE 'EXECUTE p (' || i || ')';
        PERFORM leaks.used('SELECT count(*) FROM leaks.t WHERE a = ' || i, 'CREATE INDEX ON leaks.t (a)');
    END LOOP;
END $$;
EXPLAIN (COSTS OFF) EXECUTE p (2);
SET plan_cache_mode = force_custom_plan;
EXECUTE p (3);
EXPLAIN (COSTS OFF) EXECUTE p (3);
RESET plan_cache_mode;

-- a hidden index is hidden from nobody else
SELECT bool_or(l LIKE '%t_pkey%') AS hidden_from_what_if FROM advisor.what_if('SELECT * FROM t WHERE id = 5', '{}', '{t_pkey}') l;
EXPLAIN (COSTS OFF) SELECT * FROM t WHERE id = 5;
CREATE FUNCTION by_id(int) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
$$ BEGIN RETURN (SELECT id FROM leaks.t WHERE id = $1); END $$;
SELECT l FROM advisor.what_if('SELECT * FROM t WHERE b = by_id(1)', '{}', '{t_pkey}') l WHERE l LIKE '%Filter%';
SELECT by_id(1);

-- a what-if inside a what-if
CREATE FUNCTION nested(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
$$ BEGIN RETURN (SELECT count(*) FROM advisor.what_if('SELECT * FROM leaks.t WHERE a = 1', '{CREATE INDEX ON leaks.t (a)}')); END $$;
SELECT used('SELECT * FROM t WHERE a = nested(5)', 'CREATE INDEX ON t (a)');
SELECT shows('SELECT * FROM t WHERE a = 5');

-- no lock and no setting stays behind
BEGIN;
SELECT used('SELECT * FROM t WHERE a = 5', 'CREATE INDEX ON t (a)');
SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass;
SHOW lock_timeout;
COMMIT;
SET client_min_messages = warning;
DROP SCHEMA leaks CASCADE;
