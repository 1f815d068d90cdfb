-- What people do wrong, and what the world does meanwhile: clear errors, and the session stays as it was.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA bad_input;
SET search_path = bad_input;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
INSERT INTO t SELECT g, g % 4000, md5(g::text) FROM generate_series(1, 30000) g;
VACUUM ANALYZE t;
CREATE FUNCTION keys(queries text[]) RETURNS SETOF text LANGUAGE sql AS
$$ SELECT relation || ' ' || regexp_replace(ddl, '^.* USING ', '') FROM advisor.suggest_indexes(queries) ORDER BY rank $$;
CREATE FUNCTION problem(command text, OUT code text, OUT message text, OUT detail text, OUT hint boolean) LANGUAGE plpgsql AS
$$ DECLARE h text; BEGIN
    EXECUTE command;
    code := '00000';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
        detail = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT;
    hint := h <> '';
END $$;

-- A text alone that is no statement to advise on.
SELECT p.* FROM unnest(ARRAY['SELEC 1', 'SELECT * FROM nowhere', 'SELECT nothing FROM t', 'CREATE TABLE x ()', '', ' ; ',
    'SELECT 1; SELECT 2', 'VACUUM', 'SELECT * FROM t WHERE a = ', 'SELECT ''unterminated', 'BEGIN',
    'SELECT $0', 'SELECT * FROM t WHERE a = ''x''']) WITH ORDINALITY q (text, number),
    LATERAL problem(format('SELECT * FROM advisor.suggest_indexes(ARRAY[%L])', text)) p ORDER BY number;
SELECT p.* FROM unnest(ARRAY['SELEC 1', 'SELECT * FROM nowhere', 'CREATE TABLE x ()', '', 'SELECT 1; SELECT 2']) WITH ORDINALITY q (text, number),
    LATERAL problem(format('SELECT * FROM advisor.what_if(%L)', text)) p ORDER BY number;
-- Among good ones it is a warning, and the others are served.
SELECT keys('{SELECT * FROM t WHERE a = 5, SELEC 1, SELECT * FROM nowhere, DROP TABLE t, SELECT * FROM t WHERE b = $1}');

-- Arguments.
SELECT p.* FROM unnest(ARRAY['queries => ARRAY[NULL]', 'queries => ARRAY[''SELECT 1'', NULL]', 'queries => ''{}''',
    'queries => ''{SELECT 1}'', storage_budget => -1', 'queries => ''{SELECT 1}'', min_improvement => -0.1',
    'queries => ''{SELECT 1}'', min_improvement => 1.1', 'queries => ''{SELECT 1}'', min_improvement => ''NaN''',
    'queries => ''{SELECT 1}'', max_indexes => -1', 'queries => ''{SELECT 1}'', time_limit => ''0''',
    'queries => ''{SELECT 1}'', time_limit => ''-1 s''', 'queries => NULL, max_indexes => NULL, min_improvement => NULL']) WITH ORDINALITY q (text, number),
    LATERAL problem('SELECT * FROM advisor.suggest_indexes(' || text || ')') p ORDER BY number;
SELECT p.* FROM unnest(ARRAY['what_if(NULL)', 'what_if(''SELECT 1'', NULL)', 'what_if(''SELECT 1'', ''{NULL}'')',
    'what_if(''SELECT 1'', ''{CREATE TABLE x ()}'')', 'what_if(''SELECT 1'', ''{CREATE INDEX ON nowhere (a)}'')',
    'what_if(''SELECT 1'', ''{CREATE INDEX ON t (nothing)}'')', 'what_if(''SELECT 1'', ''{}'', ''{t}'')',
    'what_if(''SELECT 1'', ''{}'', ''{123456789}'')', 'evaluate_indexes(''{CREATE INDEX ON t (a)}'', queries => ''{}'')',
    'evaluate_indexes(NULL)', 'suggestion_queries(NULL)', 'suggestion_queries(''DROP INDEX i'')', 'estimate_index(NULL)', 'estimate_index(''DROP TABLE t'')']) WITH ORDINALITY q (text, number),
    LATERAL problem('SELECT * FROM advisor.' || text) p ORDER BY number;
SELECT advisor.reset(NULL), (SELECT count(*) > 0 FROM advisor.statements) AS nothing_reset;
SELECT advisor.reset(queryid => 123456789), advisor.reset(userid => 4294967295);

-- Large ones.
SELECT keys(ARRAY['SELECT * FROM t WHERE a IN (' || (SELECT string_agg(g::text, ', ') FROM generate_series(1, 5000) g) || ')']);
SELECT keys(ARRAY['SELECT * FROM t WHERE a = 5 /* ' || repeat('long ', 200000) || '*/']);
SELECT keys(ARRAY['SELECT * FROM t WHERE a = 5 AND b <> ''' || repeat('x', 1000000) || '''']);
SELECT keys(array_agg('SELECT * FROM t WHERE a = ' || g)) FROM generate_series(1, 200) g;
SELECT code FROM problem('SELECT * FROM advisor.suggest_indexes(ARRAY[''SELECT '' || repeat(''('', 100000) || ''1'' || repeat('')'', 100000)])');
DO $$ BEGIN
    EXECUTE 'CREATE TABLE wide AS SELECT ' || (SELECT string_agg('g % ' || n + 900 || ' AS c' || n, ', ') FROM generate_series(1, 200) n)
        || ' FROM generate_series(1, 3000) g';
    FOR i IN 1..17 LOOP
        EXECUTE format('CREATE TABLE j%s AS SELECT g AS id, g %% 500 AS next, g AS v FROM generate_series(1, 2000) g', i);
    END LOOP;
END $$;
ANALYZE;
SELECT count(*) BETWEEN 1 AND 3 AS some FROM advisor.suggest_indexes(ARRAY['SELECT * FROM wide WHERE ' ||
    (SELECT string_agg('c' || n || ' = ' || n, ' AND ') FROM generate_series(1, 200) n)], time_limit => '5 s');
SET client_min_messages = error;
CREATE TABLE took AS SELECT clock_timestamp() AS started;
SELECT count(*) >= 0 AS answered FROM advisor.suggest_indexes(ARRAY['SELECT count(*) FROM j1' ||
    (SELECT string_agg(format(' JOIN j%s ON j%s.next = j%s.id', n, n - 1, n), '') FROM generate_series(2, 17) n)
    || ' WHERE j1.v = 7'], time_limit => '300 ms');
SELECT clock_timestamp() - started < interval '30 s' AS in_time FROM took;
SET client_min_messages = warning;

-- What was recorded and has changed since.
SELECT advisor.reset();
CREATE TABLE gone AS SELECT * FROM t;
CREATE TABLE altered AS SELECT * FROM t;
CREATE TABLE retyped AS SELECT * FROM t;
ANALYZE gone, altered, retyped;
DO $$ BEGIN
    FOR i IN 1..5 LOOP
        PERFORM count(*) FROM gone WHERE a = i;
        PERFORM count(*) FROM altered WHERE a = i;
        PERFORM count(*) FROM altered WHERE b = i::text;
        PERFORM count(*) FROM retyped WHERE a = i;
        PERFORM count(*) FROM t WHERE a = i;
        EXECUTE 'SELECT count(*) FROM gone WHERE b = ''x''';
        EXECUTE 'SELECT count(*) FROM altered WHERE a + 0 = ' || i;
    END LOOP;
END $$;
DROP TABLE gone;
ALTER TABLE altered DROP COLUMN a;
ALTER TABLE retyped ALTER COLUMN a TYPE text;
SELECT relation, regexp_replace(ddl, '^.* USING ', '') AS keys FROM advisor.index_suggestions ORDER BY 1, 2;
SELECT relation FROM advisor.seq_scan_hotspots GROUP BY relation ORDER BY relation::text;
SET client_min_messages = error;
SELECT query, cost_after < cost_before AS cheaper, cost_before IS NULL AS unknown
FROM advisor.evaluate_indexes('{CREATE INDEX ON t (a)}') WHERE query ~ '(gone|altered|retyped|t) WHERE (a|b) ' ORDER BY query COLLATE "C";
SET client_min_messages = warning;

-- Cancelled in the middle: nothing stays behind.
CREATE FUNCTION state() RETURNS TABLE (who name, path text, locks bigint, timeout text, gucs text) LANGUAGE sql AS
$$ SELECT current_user, current_setting('search_path'),
       (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND relation::regclass::text IN ('t', 'j1', 'j9', 'wide', 't_pkey')),
       current_setting('enable_seqscan') || current_setting('statement_timeout'),
       (SELECT md5(string_agg(name || setting, ',' ORDER BY name)) FROM pg_settings WHERE name !~ '^(transaction|in_hot)') $$;
SELECT array_agg('SELECT count(*) FROM j1' ||
    (SELECT string_agg(format(' JOIN j%s ON j%s.next = j%s.id', n, n - 1, n), '') FROM generate_series(2, 11) n)
    || ' WHERE j1.v = ' || g || ' AND j' || 1 + g % 11 || '.id > ' || g) AS heavy FROM generate_series(1, 30) g \gset
CREATE TABLE calm AS SELECT * FROM state();
CREATE TABLE advice AS SELECT keys('{SELECT * FROM t WHERE a = 5, SELECT * FROM t WHERE b = $1}');
BEGIN;
SAVEPOINT s;
SET LOCAL statement_timeout = '150 ms';
\set VERBOSITY sqlstate
SELECT count(*) FROM advisor.suggest_indexes(:'heavy'::text[]);
\set VERBOSITY default
ROLLBACK TO s;
SELECT locks FROM state();
COMMIT;
SELECT count(*) AS changes FROM (TABLE calm EXCEPT SELECT * FROM state()) d;
SELECT count(*) AS changes FROM (TABLE advice EXCEPT SELECT keys('{SELECT * FROM t WHERE a = 5, SELECT * FROM t WHERE b = $1}')) d;
EXPLAIN (COSTS off) SELECT * FROM t WHERE a = 5;

-- In odd surroundings: a read-only and an aborted transaction, a cursor, a function, a trigger.
BEGIN READ ONLY;
SELECT keys('{SELECT * FROM t WHERE a = 5}');
COMMIT;
BEGIN;
\set VERBOSITY sqlstate
SELECT 1 / 0;
SELECT keys('{SELECT * FROM t WHERE a = 5}');
\set VERBOSITY default
ROLLBACK;
BEGIN;
DECLARE c CURSOR FOR SELECT keys('{SELECT * FROM t WHERE a = 5}');
FETCH ALL FROM c;
COMMIT;
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT keys('{DELETE FROM t WHERE a = 5}');
SELECT count(*) FROM t;
COMMIT;

SET client_min_messages = error;
DROP SCHEMA bad_input CASCADE;
