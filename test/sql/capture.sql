-- advisor.statements: what is recorded of the statements that run, and what is not.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
DROP ROLE IF EXISTS capture_reader;
CREATE ROLE capture_reader;
CREATE SCHEMA capture;
GRANT USAGE ON SCHEMA capture TO capture_reader;
SET search_path = capture;
CREATE TABLE author (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE book (id int PRIMARY KEY, author_id int NOT NULL REFERENCES author, title text);
CREATE TABLE secret (id int);
INSERT INTO author SELECT g, 'author ' || g FROM generate_series(1, 100) g;
INSERT INTO book SELECT g, 1 + g % 100, 'book ' || g FROM generate_series(1, 1000) g;
GRANT SELECT ON author, book TO capture_reader;
VACUUM ANALYZE author, book;
CREATE VIEW seen AS
    SELECT userid::regrole, toplevel, query, calls, rows, errors, last_sqlstate, example_query, s.queryid,
           min_exec_time, max_exec_time, p50_exec_time, p95_exec_time, p99_exec_time, mean_exec_time, total_exec_time,
           stddev_exec_time, wal_records, wal_bytes, plans, seq_scans, seq_rows_read, first_seen, last_seen
    FROM advisor.statements s JOIN pg_catalog.pg_database d ON d.oid = dbid
    WHERE datname = current_database() AND query !~ 'advisor[.]|seen|capture_check';
GRANT SELECT ON seen TO capture_reader;
CREATE FUNCTION shown(what text)
RETURNS TABLE (query text, toplevel bool, calls bigint, rows bigint, errors bigint, sqlstate text) LANGUAGE sql AS
$$ SELECT rtrim(regexp_replace(query, '\s+', ' ', 'g'), ';'), toplevel, calls, rows, errors, last_sqlstate
   FROM seen WHERE query ~ what ORDER BY query COLLATE "C", toplevel $$;
CREATE FUNCTION titles_of(which int) RETURNS bigint LANGUAGE plpgsql AS
$$ DECLARE found bigint; BEGIN
    SELECT count(*) INTO found FROM book nested_count WHERE author_id = which;
    RETURN found;
END $$;
CREATE FUNCTION careful(divisor int) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE result int; BEGIN
    SELECT count(*) / divisor INTO result FROM author caught;
    RETURN result;
EXCEPTION WHEN division_by_zero THEN RETURN 'caught';
END $$;
SELECT advisor.reset();

-- Constants, spaces and comments do not make another statement; the text has parameters instead.
SELECT name FROM author simple WHERE id = 1;
SELECT name   FROM author simple WHERE id = 22;
SELECT name FROM author simple WHERE id = 3 /* of the moment */;
SELECT count(*) FROM author simple WHERE name > 'author 9' AND id <> -1;
SELECT * FROM shown('simple');
SELECT example_query FROM seen WHERE query ~ 'name FROM author simple';

-- Prepared ones: custom plans, generic plans, one statement.
PREPARE prepared (int) AS SELECT title FROM book prepared WHERE id = $1;
SET plan_cache_mode = force_custom_plan;
EXECUTE prepared (1);
EXECUTE prepared (2);
SET plan_cache_mode = force_generic_plan;
EXECUTE prepared (3);
RESET plan_cache_mode;
SELECT * FROM shown('prepared');
DEALLOCATE prepared;

-- Inside functions and triggers: no top level; the same text on top is a row of its own.
SELECT titles_of(1), titles_of(2);
SELECT count(*) FROM book nested_count WHERE author_id = 7;
SELECT * FROM shown('nested_count|titles_of');
INSERT INTO book VALUES (1001, 1, 'fk'), (1002, 2, 'fk');
UPDATE book SET author_id = 3 WHERE id = 1001;
DELETE FROM author WHERE id = 100 AND name = 'nobody';
SELECT * FROM shown('FOR KEY SHARE|^(INSERT|UPDATE|DELETE)');

-- Cursors: the rows that were fetched, one call.
BEGIN;
DECLARE c CURSOR FOR SELECT title FROM book in_cursor ORDER BY id;
FETCH 3 FROM c;
MOVE 5 FROM c;
CLOSE c;
COMMIT;
SELECT * FROM shown('in_cursor');

-- Utility statements, and the rows of COPY. EXPLAIN alone runs nothing.
CREATE TABLE copied (id int, note text);
COPY copied FROM stdin;
1	one
2	two
3	three
\.
COPY (SELECT * FROM copied ORDER BY id) TO stdout;
CREATE TABLE made AS SELECT g AS n FROM generate_series(1, 7) g;
EXPLAIN (COSTS off) SELECT * FROM copied explained_only;
SELECT query, calls, rows FROM shown('copied$|copied |made') WHERE query !~ '^EXPLAIN';
SELECT count(*) FROM seen WHERE query ~ '^SELECT.*explained_only';

-- Errors: in the planner, the executor, the executor's start; caught ones; utility statements.
\set VERBOSITY sqlstate
SELECT 1 / 0 AS folded;
SELECT 10 / (id - 1) FROM author while_running WHERE id < 3;
SELECT careful(0), careful(0), careful(1);
SET ROLE capture_reader;
SELECT * FROM secret not_mine;
RESET ROLE;
CREATE TABLE author ();
INSERT INTO book VALUES (1, 1, 'twice');
\set VERBOSITY default
SELECT * FROM shown('folded|while_running|careful|caught|not_mine|CREATE TABLE author');
SELECT query, calls, errors, sqlstate FROM shown('INSERT INTO book VALUES') WHERE errors > 0;
SELECT careful(1);
SELECT errors, last_sqlstate FROM seen WHERE query ~ 'author caught';
-- An error that passes statements which are not recorded does not hide what comes after it.
CREATE FUNCTION fails_when_planned() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1 / 0; END';
\set VERBOSITY sqlstate
SET pg_advisor.track = top;
SELECT fails_when_planned();
SELECT max(id) FROM author after_inner_error;
SET pg_advisor.track = none;
SELECT 1 / 0 AS not_recorded;
SELECT 1 / (id - 1) FROM author not_recorded;
SET pg_advisor.track = top;
SELECT min(id) FROM author after_unrecorded_errors;
RESET pg_advisor.track;
\set VERBOSITY default
SELECT query, calls, errors, sqlstate FROM shown('fails_when_planned.;?|after_inner|after_unrec|not_recorded') WHERE query ~ '^SELECT';

-- Every user has rows of his own.
SELECT count(*) FROM author by_user;
SET ROLE capture_reader;
SELECT count(*) FROM author by_user;
SELECT count(*) FROM author by_user;
SELECT userid, query, calls FROM seen WHERE query ~ 'by_user' ORDER BY userid::text, query;
SELECT userid, bool_or(queryid IS NOT NULL) AS id, bool_or(example_query IS NOT NULL) AS example, sum(calls) > 0 AS calls
FROM seen WHERE query = '<insufficient privilege>' GROUP BY userid;
RESET ROLE;
SELECT userid, query, calls FROM seen WHERE query ~ 'by_user' ORDER BY userid::text;

-- The figures are consistent.
DO $$ BEGIN FOR i IN 1..300 LOOP PERFORM count(*) FROM book figures WHERE id <= i; END LOOP; END $$;
SELECT calls, rows, min_exec_time > 0 AND min_exec_time <= p50_exec_time AND p50_exec_time <= p95_exec_time
    AND p95_exec_time <= p99_exec_time AND p99_exec_time <= max_exec_time AS percentiles,
    mean_exec_time BETWEEN min_exec_time AND max_exec_time AS mean,
    abs(total_exec_time - mean_exec_time * calls) < 0.001 * total_exec_time AS total,
    stddev_exec_time BETWEEN 0 AND max_exec_time AS stddev, first_seen <= last_seen AS seen_order, wal_records
FROM seen WHERE query ~ 'book figures';
CREATE TABLE written (id int);
INSERT INTO written SELECT generate_series(1, 100);
SELECT rows, wal_records >= 100 AS records, wal_bytes > 1000 AS bytes FROM seen WHERE query ~ '^INSERT INTO written';
SELECT count(*) FROM book WHERE title LIKE 'no%such%scanned';
SELECT seq_scans, seq_rows_read FROM seen WHERE query ~ 'count\(\*\) FROM book WHERE title';
-- What is no more than a page is counted from its second execution on, or at once where all executions are.
CREATE TABLE page AS SELECT 1 AS n;
ANALYZE page;
SET pg_advisor.sample_rate = 1e-12; -- draws none of the few executions here
SELECT count(*) FROM page WHERE n < 5;
SELECT seq_scans FROM seen WHERE query ~ 'FROM page WHERE n <';
SELECT count(*) FROM page WHERE n < 5;
SELECT seq_scans FROM seen WHERE query ~ 'FROM page WHERE n <';
SET pg_advisor.sample_rate = 1;
SELECT count(*) FROM page WHERE n > 5;
SELECT seq_scans FROM seen WHERE query ~ 'FROM page WHERE n >';
RESET pg_advisor.sample_rate;

-- The same figures as pg_stat_statements, where that is loaded too.
SELECT current_setting('shared_preload_libraries') ~ 'pg_stat_statements' AS other_module \gset
\if :other_module
\o /dev/null
CREATE EXTENSION pg_stat_statements SCHEMA capture;
SELECT pg_stat_statements_reset();
\o
\endif
SELECT advisor.reset();
\o /dev/null
SELECT count(*), sum(length(title)) FROM book compared;
SELECT count(*), sum(length(title)) FROM book compared;
SELECT * FROM book compared JOIN author a ON a.id = author_id ORDER BY title LIMIT 5;
UPDATE book SET title = title || '!' WHERE id BETWEEN 10 AND 20;
INSERT INTO written SELECT generate_series(1, 1000);
DELETE FROM written WHERE id > 500;
CREATE TABLE compared_too AS SELECT * FROM book;
COPY book TO stdout;
SELECT titles_of(5);
\o
CREATE FUNCTION capture_check() RETURNS TABLE (compared bool, different bigint) LANGUAGE plpgsql AS
$$ BEGIN
    IF current_setting('shared_preload_libraries') !~ 'pg_stat_statements' THEN
        RETURN QUERY VALUES (true, 0::bigint);
        RETURN;
    END IF;
    RETURN QUERY
    SELECT count(*) >= 8, count(*) FILTER (WHERE (a.calls, a.rows, a.shared_blks_hit, a.shared_blks_read,
            a.shared_blks_dirtied, a.shared_blks_written, a.temp_blks_read, a.temp_blks_written, a.wal_records, a.query)
        IS DISTINCT FROM (b.calls, b.rows, b.shared_blks_hit, b.shared_blks_read, b.shared_blks_dirtied,
            b.shared_blks_written, b.temp_blks_read, b.temp_blks_written, b.wal_records, b.query))
    FROM pg_stat_statements b
    LEFT JOIN advisor.statements a USING (userid, dbid, toplevel, queryid)
    WHERE b.query !~ 'capture_check|reset';
END $$;
SELECT * FROM capture_check();

-- Settings: texts, levels, utility statements.
SET pg_advisor.sample_texts = off;
SELECT count(*) FROM book no_texts WHERE title = 'Moby-Dick';
SELECT query, example_query IS NULL AS no_example FROM seen WHERE query ~ 'no_texts';
RESET pg_advisor.sample_texts;
SET pg_advisor.track = 'none';
SELECT count(*) FROM book track_none;
SET pg_advisor.track = 'top';
SELECT titles_of(9) AS track_top;
SELECT advisor.reset();
SELECT titles_of(9) AS track_top;
SELECT count(*) FROM book track_top;
SELECT * FROM shown('track_|nested_count|titles_of');
RESET pg_advisor.track;
SET pg_advisor.track_utility = off;
CREATE TABLE untracked (id int);
RESET pg_advisor.track_utility;
SELECT count(*) FROM seen WHERE query ~ 'untracked';

-- Passwords are never kept.
CREATE ROLE capture_guarded PASSWORD 'hunter2';
ALTER ROLE capture_guarded PASSWORD 'hunter3';
SELECT count(*), count(example_query) FROM advisor.statements
WHERE query ~ 'hunter[0-9]' OR example_query ~ 'hunter[0-9]';
DROP ROLE capture_guarded;

-- Reset of a part: what was counted before does not come back, and what runs afterwards is a full row.
SELECT 1 AS part_one;
SELECT 1 AS part_one;
SELECT 2, 2 AS part_two;
SET ROLE capture_reader;
SELECT 2, 2 AS part_two;
RESET ROLE;
SELECT queryid AS one FROM seen WHERE query ~ 'part_one' \gset
SELECT advisor.reset(queryid => :one);
SELECT userid, query, calls FROM seen WHERE query ~ 'AS part_' ORDER BY userid::text, query;
SELECT 1 AS part_one;
SELECT userid, query, calls, example_query FROM seen WHERE query ~ 'AS part_' ORDER BY userid::text, query;
SELECT advisor.reset(userid => 'capture_reader'::regrole);
SELECT userid, query, calls FROM seen WHERE query ~ 'AS part_' ORDER BY userid::text, query;
SELECT advisor.reset(dbid => 1);
SELECT count(*) FROM seen WHERE query ~ 'AS part_';
SELECT oid AS this_database FROM pg_database WHERE datname = current_database() \gset
SELECT advisor.reset(dbid => :this_database);
SELECT count(*) FROM seen WHERE query ~ 'AS part_';
SELECT statements > 0 AND statements <= statements_max AND memory_bytes <= memory_limit_bytes AS bounded,
    stats_reset >= started_at AS reset_known, version FROM advisor.info;

\if :other_module
DROP EXTENSION pg_stat_statements;
\endif
SET client_min_messages = warning;
DROP SCHEMA capture CASCADE;
DROP ROLE capture_reader;
