-- The frame of the review: who sees which findings, what is silenced, thresholds, a rule that fails.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA review;
CREATE TABLE review.keyless (x int, y text);
INSERT INTO review.keyless SELECT g, 'v' FROM generate_series(1, 100) g;
CREATE TABLE review.promotable (x int NOT NULL);
CREATE UNIQUE INDEX promotable_x ON review.promotable (x);
INSERT INTO review.promotable VALUES (1);
ANALYZE review.keyless, review.promotable;

-- Every rule says what, why, how, when it is wrong; names and severities are as promised.
SELECT rule FROM advisor.rules
WHERE rule !~ '^[a-z][a-z0-9-]+$' OR default_severity NOT IN ('critical', 'warning', 'notice')
   OR '' IN (category, title, what, why, detection, caution, fix) OR NOT enabled;

\set mine 'FROM advisor.findings WHERE rule = ''table-no-primary-key'' AND object LIKE ''review.%'''
SELECT rule, category, severity, object, title, evidence ->> 'rows' AS rows, impact, fix, undo, docs :mine;

-- Silenced: one object, by whom and why; then the rule; then any rule on the object.
SELECT advisor.ignore('table-no-primary-key', 'review.keyless', 'a log');
SELECT advisor.ignore('table-no-primary-key', 'review.keyless', 'said twice');
SELECT object :mine;
SELECT rule, object, reason, ignored_by = session_user AS by_me, ignored_at <= now() AS at FROM advisor.ignored;
SELECT advisor.unignore('table-no-primary-key', 'review.keyless');
SELECT advisor.ignore('table-no-primary-key');
SELECT object :mine;
SELECT enabled FROM advisor.rules WHERE rule = 'table-no-primary-key';
SELECT advisor.unignore('table-no-primary-key');
SELECT advisor.ignore(object => 'review.promotable');
SELECT object :mine;
SELECT advisor.unignore(object => 'review.promotable');
COMMENT ON TABLE review.keyless IS 'A log. pg_advisor: ignore table-no-primary-key, pg_advisor: ignore other';
SELECT object :mine;
COMMENT ON TABLE review.keyless IS NULL;
SET client_min_messages = notice;
SELECT advisor.unignore('table-no-primary-key', 'review.keyless');
SET client_min_messages = warning;

-- Thresholds.
SELECT advisor.set_threshold('table-no-primary-key', 'min_rows', 50);
SELECT object :mine;
SELECT thresholds FROM advisor.rules WHERE rule = 'table-no-primary-key';
SELECT rule, name, value FROM advisor.thresholds;
SELECT advisor.set_threshold('table-no-primary-key', 'min_rows', NULL);
SELECT thresholds FROM advisor.rules WHERE rule = 'table-no-primary-key';

-- Bad input.
\set SHOW_CONTEXT never
SELECT advisor.ignore();
\echo :LAST_ERROR_SQLSTATE
SELECT advisor.ignore('no-such-rule');
\echo :LAST_ERROR_SQLSTATE
SELECT advisor.set_threshold('no-such-rule', 'x', 1);
\echo :LAST_ERROR_SQLSTATE
SELECT advisor.set_threshold('table-no-primary-key', 'x', 1);
\echo :LAST_ERROR_SQLSTATE
SELECT advisor.set_threshold('table-no-primary-key', 'min_rows', 'NaN');
\echo :LAST_ERROR_SQLSTATE

-- An ordinary role: objects that it may use; it silences nothing.
CREATE ROLE regress_reviewer;
GRANT USAGE ON SCHEMA advisor TO regress_reviewer;
SET ROLE regress_reviewer;
SELECT object :mine;
SELECT advisor.ignore('table-no-primary-key');
SELECT advisor.set_threshold('table-no-primary-key', 'min_rows', 1);
INSERT INTO advisor.ignored (rule) VALUES ('table-no-primary-key');
RESET ROLE;
GRANT USAGE ON SCHEMA review TO regress_reviewer;
GRANT INSERT ON review.keyless TO regress_reviewer;
SET ROLE regress_reviewer;
SELECT object :mine;
SELECT rule, category FROM advisor.findings WHERE category = 'advisor';
RESET ROLE;

-- An input that cannot be read is a finding; rules that do not need it go on.
BEGIN;
ALTER EXTENSION pg_advisor DROP FUNCTION advisor.workload_advice();
ALTER FUNCTION advisor.workload_advice() RENAME TO elsewhere;
SELECT severity, object, title, detail FROM advisor.findings WHERE category = 'advisor';
SELECT object :mine;
ROLLBACK;

-- What rules call. Functions in an expression of an index run as the owner of its table: as anybody else this one fails.
CREATE FUNCTION review.whoami(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> 'regress_reviewer' THEN RAISE EXCEPTION 'run by %', current_user; END IF;
    RETURN $1;
END $$;
GRANT CREATE ON SCHEMA review TO regress_reviewer;
SET ROLE regress_reviewer;
CREATE TABLE review.twice (x int, y int);
CREATE INDEX twice_1 ON review.twice ((x + review.whoami(1))) WHERE y > review.whoami(2);
CREATE INDEX twice_2 ON review.twice ((x + review.whoami(1))) WHERE y > review.whoami(2);
RESET ROLE;
SELECT * FROM advisor.redundant_indexes(ARRAY['review.twice', 'review.keyless']::regclass[]);
SELECT * FROM advisor.redundant_indexes(ARRAY[0, 'review.twice_1'::regclass, 'pg_proc'::regclass]::regclass[]);
SELECT * FROM advisor.redundant_indexes('{NULL}');
-- Only queries could need expendable_a and one of the twins on q; the others give statistics, guard uniqueness or find a foreign key.
CREATE TABLE review.expendable (id int PRIMARY KEY, a int, b text, p int REFERENCES review.expendable, q int);
CREATE INDEX expendable_a ON review.expendable (a);
CREATE INDEX expendable_b ON review.expendable (lower(b));
CREATE UNIQUE INDEX expendable_u ON review.expendable (b);
CREATE INDEX expendable_p ON review.expendable (p);
CREATE INDEX expendable_q ON review.expendable (q);
CREATE INDEX expendable_r ON review.expendable (q);
SELECT e AS index FROM advisor.expendable_indexes(ARRAY['review.expendable', 0, 'pg_proc']::regclass[]) e ORDER BY e::text;
SELECT advisor.counted(1, 'row'), advisor.counted(2000, 'row'), advisor.counted(1.4, 'row'), advisor.counted(0, 'query', 'queries'),
       advisor.counted(NULL, 'row') IS NULL AS unknown;
SELECT advisor.temporary_schema_is_idle('public'::regnamespace), advisor.temporary_schema_is_idle(0);
SELECT * FROM advisor.index_ddl('review.keyless', '{y,x}');
SELECT * FROM advisor.index_ddl('review.keyless', '{z}');
SELECT * FROM advisor.index_ddl(0, '{z}');
SELECT advisor.rebuilt_index_bytes('review.promotable_x'), advisor.rebuilt_index_bytes('review.keyless'), advisor.rebuilt_index_bytes(0);
SELECT advisor.drop_index_script('review.promotable_x'::regclass), advisor.create_index_script('review.promotable_x'::regclass);
SELECT advisor.drop_index_script('review.keyless'::regclass), advisor.create_index_script('review.keyless'::regclass), advisor.create_index_script(0);

DROP SCHEMA review CASCADE;
DROP OWNED BY regress_reviewer;
DROP ROLE regress_reviewer;
