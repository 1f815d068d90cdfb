-- Functions of those whose statements were recorded run with their own privileges, never with those of the reader of the
-- advice: whoever could write a function into a query would else be what he wants to be.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE ROLE mallory;
CREATE SCHEMA mallory AUTHORIZATION mallory;
SET ROLE mallory;
SET search_path = mallory;
CREATE SEQUENCE as_myself;
CREATE SEQUENCE as_others;
-- Sequences are not rolled back: they tell who was here.
CREATE FUNCTION spy(n int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval(CASE WHEN current_user = 'mallory' THEN 'mallory.as_myself' ELSE 'mallory.as_others' END);
    RETURN n;
END $$;
-- Each time that it is folded one level of it is inlined; the last one shows the call of a constant.
CREATE FUNCTION deep(x int, n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 0';
CREATE OR REPLACE FUNCTION deep(x int, n int) RETURNS int IMMUTABLE LANGUAGE sql AS
$$ SELECT x + CASE WHEN n > 0 THEN mallory.deep(x, n - 1) ELSE mallory.spy(n) END $$;
CREATE TABLE t (id int, x int, kind text, pad text);
INSERT INTO t SELECT g, g, CASE WHEN g % 500 = 0 THEN 'a' ELSE 'b' END, repeat('x', 100) FROM generate_series(1, 5000) g;
ANALYZE t;
RESET ROLE;
SELECT advisor.reset();
SET ROLE mallory;
SELECT count(*) FROM t WHERE deep(x, 1) = 5;
SELECT count(*) FROM t WHERE deep(x, 2) = 5;
SELECT count(*) FROM t WHERE deep(x, 1) IS NULL AND id = 5;
SELECT count(*) FROM t WHERE kind = 'a' AND deep(x, 1) > 4990;
SELECT count(*) FROM (SELECT * FROM t ORDER BY deep(x, 1) LIMIT 5) s;
SELECT setval('as_myself', 1, false), setval('as_others', 1, false);
RESET ROLE;
SELECT count(*) >= 0 AS asked FROM advisor.suggest_indexes();
SELECT count(*) >= 0 AS asked FROM advisor.seq_scan_hotspots;
SELECT count(*) >= 0 AS asked FROM advisor.evaluate_indexes('{CREATE INDEX ON mallory.t (x)}');
SELECT count(*) >= 0 AS asked FROM advisor.suggestion_queries('CREATE INDEX ON mallory.t (x) WHERE kind = ''a''');
SELECT (SELECT is_called FROM as_myself) AS as_myself, (SELECT is_called FROM as_others) AS as_others;
SELECT advisor.reset();
SET client_min_messages = warning;
DROP SCHEMA mallory CASCADE;
DROP ROLE mallory;
