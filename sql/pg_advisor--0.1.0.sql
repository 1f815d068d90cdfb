-- pg_advisor 0.1.0: everything lives in the schema advisor (see pg_advisor.control).
\echo Use "CREATE EXTENSION pg_advisor" to load this file. \quit

-- A schema that somebody else made beforehand stays theirs: they could add functions of the same names to it.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace
                   WHERE nspname OPERATOR(pg_catalog.=) 'advisor'
                     AND (nspowner OPERATOR(pg_catalog.=) (SELECT r.oid FROM pg_catalog.pg_roles r
                                                           WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER)
                          OR (SELECT r.rolsuper FROM pg_catalog.pg_roles r
                              WHERE r.oid OPERATOR(pg_catalog.=) nspowner)))
    THEN
        RAISE EXCEPTION 'schema "advisor" exists and belongs to another user'
            USING ERRCODE = '42501', HINT = 'Drop it, or make it yours, before CREATE EXTENSION.';
    END IF;
END
$$;

-- ---------------------------------------------------------------------------------------------------
-- What happened: capture
-- ---------------------------------------------------------------------------------------------------

CREATE FUNCTION advisor.statements_data(
    OUT userid oid, OUT dbid oid, OUT toplevel boolean, OUT queryid bigint, OUT query text,
    OUT plans bigint, OUT total_plan_time double precision, OUT calls bigint,
    OUT total_exec_time double precision, OUT min_exec_time double precision, OUT max_exec_time double precision,
    OUT mean_exec_time double precision, OUT stddev_exec_time double precision,
    OUT p50_exec_time double precision, OUT p95_exec_time double precision, OUT p99_exec_time double precision,
    OUT rows bigint, OUT shared_blks_hit bigint, OUT shared_blks_read bigint, OUT shared_blks_dirtied bigint,
    OUT shared_blks_written bigint, OUT temp_blks_read bigint, OUT temp_blks_written bigint,
    OUT wal_records bigint, OUT wal_bytes bigint, OUT errors bigint, OUT last_sqlstate text,
    OUT seq_scans bigint, OUT seq_rows_read bigint, OUT example_query text,
    OUT first_seen timestamptz, OUT last_seen timestamptz)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_statements_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION advisor.statements_data() IS
'Data of the view advisor.statements';

CREATE VIEW advisor.statements AS
SELECT * FROM advisor.statements_data();
COMMENT ON VIEW advisor.statements IS
'What ran: one row per user, database, top level and query id, with the columns of pg_stat_statements and more; times in ms';
COMMENT ON COLUMN advisor.statements.userid IS 'OID of the role that ran it';
COMMENT ON COLUMN advisor.statements.dbid IS 'OID of the database it ran in';
COMMENT ON COLUMN advisor.statements.toplevel IS 'true: sent by a client; false: inside a function or trigger';
COMMENT ON COLUMN advisor.statements.queryid IS 'the server''s query id; null where the statement is another user''s and you are no member of pg_read_all_stats';
COMMENT ON COLUMN advisor.statements.query IS 'normalised text, constants as $n; <insufficient privilege> where queryid is null';
COMMENT ON COLUMN advisor.statements.plans IS 'times it was planned';
COMMENT ON COLUMN advisor.statements.total_plan_time IS 'ms spent planning';
COMMENT ON COLUMN advisor.statements.calls IS 'times it was executed';
COMMENT ON COLUMN advisor.statements.total_exec_time IS 'ms spent executing';
COMMENT ON COLUMN advisor.statements.min_exec_time IS 'ms of the fastest execution';
COMMENT ON COLUMN advisor.statements.max_exec_time IS 'ms of the slowest execution';
COMMENT ON COLUMN advisor.statements.mean_exec_time IS 'ms on average';
COMMENT ON COLUMN advisor.statements.stddev_exec_time IS 'ms, population standard deviation';
COMMENT ON COLUMN advisor.statements.p50_exec_time IS 'ms below which half of the executions stayed; at most 10 % off';
COMMENT ON COLUMN advisor.statements.p95_exec_time IS 'ms below which 95 % of the executions stayed; at most 10 % off';
COMMENT ON COLUMN advisor.statements.p99_exec_time IS 'ms below which 99 % of the executions stayed; at most 10 % off';
COMMENT ON COLUMN advisor.statements.rows IS 'rows returned or changed';
COMMENT ON COLUMN advisor.statements.shared_blks_hit IS 'blocks found in shared buffers';
COMMENT ON COLUMN advisor.statements.shared_blks_read IS 'blocks read';
COMMENT ON COLUMN advisor.statements.shared_blks_dirtied IS 'blocks dirtied';
COMMENT ON COLUMN advisor.statements.shared_blks_written IS 'blocks written';
COMMENT ON COLUMN advisor.statements.temp_blks_read IS 'blocks of temporary files read';
COMMENT ON COLUMN advisor.statements.temp_blks_written IS 'blocks of temporary files written';
COMMENT ON COLUMN advisor.statements.wal_records IS 'WAL records written';
COMMENT ON COLUMN advisor.statements.wal_bytes IS 'bytes of WAL written';
COMMENT ON COLUMN advisor.statements.errors IS 'executions that ended in an error';
COMMENT ON COLUMN advisor.statements.last_sqlstate IS 'error code of the last of them';
COMMENT ON COLUMN advisor.statements.seq_scans IS 'sequential scans started; counted on sampled executions and scaled to all calls';
COMMENT ON COLUMN advisor.statements.seq_rows_read IS 'rows read by sequential scans, kept or not; sampled and scaled like seq_scans';
COMMENT ON COLUMN advisor.statements.example_query IS 'one real text with its constants; null where pg_advisor.sample_texts is off or the statement is another user''s';
COMMENT ON COLUMN advisor.statements.first_seen IS 'when it was recorded first';
COMMENT ON COLUMN advisor.statements.last_seen IS 'when it was recorded last';

CREATE FUNCTION advisor.info_data(
    OUT started_at timestamptz, OUT stats_reset timestamptz, OUT statements bigint, OUT statements_max bigint,
    OUT dealloc bigint, OUT memory_bytes bigint, OUT memory_limit_bytes bigint, OUT samples_dropped bigint)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_info_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED ROWS 1;
COMMENT ON FUNCTION advisor.info_data() IS
'Data of the view advisor.info';

CREATE VIEW advisor.info AS
SELECT (SELECT extversion FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) 'pg_advisor') AS version, i.*
FROM advisor.info_data() i;
COMMENT ON VIEW advisor.info IS
'One row about the recorder: version, since when, entries used, allowed and evicted (dealloc), shared memory in bytes, samples dropped for lack of room';

COMMENT ON COLUMN advisor.info.version IS 'of the installed extension';
COMMENT ON COLUMN advisor.info.started_at IS 'when this server began to record';
COMMENT ON COLUMN advisor.info.stats_reset IS 'when everything was last forgotten';
COMMENT ON COLUMN advisor.info.statements IS 'entries in use';
COMMENT ON COLUMN advisor.info.statements_max IS 'entries there are: pg_advisor.max_statements, rounded down to equal partitions';
COMMENT ON COLUMN advisor.info.dealloc IS 'entries evicted for lack of room, since stats_reset';
COMMENT ON COLUMN advisor.info.memory_bytes IS 'bytes of the shared memory that hold something';
COMMENT ON COLUMN advisor.info.memory_limit_bytes IS 'bytes of shared memory reserved';
COMMENT ON COLUMN advisor.info.samples_dropped IS 'texts, trees and sets of constants that found no room or were too large, since stats_reset';

CREATE FUNCTION advisor.reset(userid oid DEFAULT 0, dbid oid DEFAULT 0, queryid bigint DEFAULT 0)
RETURNS void
AS 'MODULE_PATHNAME', 'advisor_reset_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.reset(oid, oid, bigint) IS
'Forgets what was recorded of the given user, database and query id; 0 stands for all of them';
REVOKE ALL ON FUNCTION advisor.reset(oid, oid, bigint) FROM PUBLIC;

CREATE FUNCTION advisor.seq_scan_hotspots_data(
    OUT relation regclass, OUT table_rows bigint, OUT table_bytes bigint, OUT queryid bigint, OUT query text,
    OUT filter text, OUT calls bigint, OUT seq_scans bigint, OUT rows_read bigint, OUT rows_kept bigint,
    OUT pages_read bigint, OUT est_time double precision, OUT share double precision, OUT severity text,
    OUT suggested_index text, OUT verdict text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_seq_scan_hotspots_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE COST 10000 ROWS 100;
COMMENT ON FUNCTION advisor.seq_scan_hotspots_data() IS
'Data of the view advisor.seq_scan_hotspots';

CREATE VIEW advisor.seq_scan_hotspots AS
SELECT * FROM advisor.seq_scan_hotspots_data();
COMMENT ON VIEW advisor.seq_scan_hotspots IS
'Sequential scans of this database, worst first: one row per table, statement and filter, counted on sampled executions and scaled to all calls. severity is critical, warning, notice or ok; verdict says why in a sentence, also when the scan is the right plan';
COMMENT ON COLUMN advisor.seq_scan_hotspots.relation IS 'the table that is read; of partitions the partitioned table';
COMMENT ON COLUMN advisor.seq_scan_hotspots.table_rows IS 'rows it has, as the planner estimates';
COMMENT ON COLUMN advisor.seq_scan_hotspots.table_bytes IS 'bytes it has, without indexes and TOAST';
COMMENT ON COLUMN advisor.seq_scan_hotspots.queryid IS 'of the statement; null where it is another user''s and you are no member of pg_read_all_stats';
COMMENT ON COLUMN advisor.seq_scan_hotspots.query IS 'its normalised text';
COMMENT ON COLUMN advisor.seq_scan_hotspots.filter IS 'condition that each row is tested for, constants as $n (not those of query); null: none';
COMMENT ON COLUMN advisor.seq_scan_hotspots.calls IS 'executions of the statement';
COMMENT ON COLUMN advisor.seq_scan_hotspots.seq_scans IS 'scans of this table in them; sampled and scaled to all calls, like the next three';
COMMENT ON COLUMN advisor.seq_scan_hotspots.rows_read IS 'rows read in all';
COMMENT ON COLUMN advisor.seq_scan_hotspots.rows_kept IS 'rows that passed the filter';
COMMENT ON COLUMN advisor.seq_scan_hotspots.pages_read IS 'pages read in all, from the size of the table';
COMMENT ON COLUMN advisor.seq_scan_hotspots.est_time IS 'ms of the statement''s execution time that the planner''s costs attribute to this scan';
COMMENT ON COLUMN advisor.seq_scan_hotspots.share IS 'of all rows read by sequential scans in this database, 0..1';
COMMENT ON COLUMN advisor.seq_scan_hotspots.severity IS 'critical, warning, notice or ok';
COMMENT ON COLUMN advisor.seq_scan_hotspots.suggested_index IS 'DDL of an index that the advice for the hot statements found to cure it, or null; index_suggestions also weighs the writes';
COMMENT ON COLUMN advisor.seq_scan_hotspots.verdict IS 'one sentence: why this is hot, or why the scan is right as it is';

GRANT USAGE ON SCHEMA advisor TO PUBLIC;
GRANT SELECT ON advisor.statements, advisor.info, advisor.seq_scan_hotspots TO PUBLIC;

-- ---------------------------------------------------------------------------------------------------
-- What if: planning with indexes that do not exist
-- ---------------------------------------------------------------------------------------------------

-- what-ifs are everyone's: they plan as the caller, with the caller's privileges
GRANT USAGE ON SCHEMA advisor TO PUBLIC;

CREATE FUNCTION advisor.what_if(query pg_catalog.text,
                                create_indexes pg_catalog.text[] DEFAULT '{}',
                                drop_indexes pg_catalog.regclass[] DEFAULT '{}')
RETURNS SETOF pg_catalog.text
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'advisor_what_if_0_1';

COMMENT ON FUNCTION advisor.what_if(pg_catalog.text, pg_catalog.text[], pg_catalog.regclass[]) IS
'EXPLAIN of a query as if the indexes of create_indexes (CREATE INDEX statements) existed and those of drop_indexes did not. Nothing is created, dropped or executed; $1 parameters are allowed; plans as the caller.';

CREATE FUNCTION advisor.evaluate_indexes(create_indexes pg_catalog.text[],
                                         drop_indexes pg_catalog.regclass[] DEFAULT '{}',
                                         queries pg_catalog.text[] DEFAULT NULL,
                                         OUT queryid pg_catalog.int8,
                                         OUT query pg_catalog.text,
                                         OUT calls pg_catalog.int8,
                                         OUT cost_before pg_catalog.float8,
                                         OUT cost_after pg_catalog.float8,
                                         OUT indexes_used pg_catalog.text[],
                                         OUT write_overhead pg_catalog.float8)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'advisor_evaluate_indexes_0_1';

COMMENT ON FUNCTION advisor.evaluate_indexes(pg_catalog.text[], pg_catalog.regclass[], pg_catalog.text[]) IS
'Planner cost per call of each statement without and with a set of index changes, and the indexes the plan with them uses. write_overhead is what the statement''s own writes pay in addition per call to maintain the created indexes, less what the dropped ones save, in the same unit; the costs leave it out; null where it is not known. queries null: the recorded workload of this database. A statement that cannot be planned keeps its row, without costs, and a warning says why.';

CREATE FUNCTION advisor.suggestion_queries(ddl pg_catalog.text,
                                           queries pg_catalog.text[] DEFAULT NULL,
                                           OUT queryid pg_catalog.int8,
                                           OUT query pg_catalog.text,
                                           OUT calls pg_catalog.int8,
                                           OUT cost_before pg_catalog.float8,
                                           OUT cost_after pg_catalog.float8,
                                           OUT improvement pg_catalog.float8,
                                           OUT usage pg_catalog.text)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10
AS 'MODULE_PATHNAME', 'advisor_suggestion_queries_0_1';

COMMENT ON FUNCTION advisor.suggestion_queries(pg_catalog.text, pg_catalog.text[]) IS
'What one index is good for: the statements whose plan would use it or whose cost it changes, most gain over all calls first. ddl as advisor.suggest_indexes prints it, or any CREATE INDEX; queries null: the recorded workload of this database. Costs are planner units per call, improvement is (cost_before - cost_after) / cost_before, negative where it gets dearer; usage is how the plan reads the index (null: it does not), recorded parameter values as $n. If the index exists, what it does now. Nothing is created.';

CREATE FUNCTION advisor.estimate_index(create_index pg_catalog.text,
                                       OUT relation pg_catalog.regclass,
                                       OUT index_bytes pg_catalog.int8,
                                       OUT height pg_catalog.int4)
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL UNSAFE ROWS 1
AS 'MODULE_PATHNAME', 'advisor_estimate_index_0_1';

COMMENT ON FUNCTION advisor.estimate_index(pg_catalog.text) IS
'Size in bytes, and levels above the leaves, of the index that a CREATE INDEX statement would build, from the statistics of its table. Nothing is created.';

-- ---------------------------------------------------------------------------------------------------
-- What to do about it: index advice
-- ---------------------------------------------------------------------------------------------------
CREATE FUNCTION advisor.suggest_indexes(
    queries text[] DEFAULT NULL, storage_budget bigint DEFAULT NULL, min_improvement double precision DEFAULT 0.01,
    max_indexes integer DEFAULT NULL, time_limit interval DEFAULT NULL,
    OUT rank integer, OUT action text, OUT relation regclass, OUT access_method text, OUT ddl text, OUT undo text,
    OUT index_bytes bigint, OUT cost_before double precision, OUT cost_after double precision,
    OUT improvement double precision, OUT time_saved double precision, OUT write_overhead double precision,
    OUT statements integer, OUT queryids bigint[], OUT reason text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_suggest_indexes_0_1'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000 ROWS 10;
COMMENT ON FUNCTION advisor.suggest_indexes(text[], bigint, double precision, integer, interval) IS
'Indexes worth creating, best first, then those that others make superfluous: for the recorded workload of this database (queries NULL) or for the given texts, which are never executed. storage_budget in bytes for all of them; min_improvement is the share of the whole workload''s planner cost (0..1) one index must save; time_limit NULL means pg_advisor.advice_time_limit. cost_* are planner units of the whole workload, time_saved is ms over the recorded calls, write_overhead planner units. Columns are explained at the view advisor.index_suggestions. Nothing is created: run ddl, and undo to take it back';

CREATE VIEW advisor.index_suggestions AS
SELECT * FROM advisor.suggest_indexes();
COMMENT ON VIEW advisor.index_suggestions IS
'advisor.suggest_indexes() over the recorded workload of this database, with its defaults';
COMMENT ON COLUMN advisor.index_suggestions.rank IS 'order to run them in; each row assumes those above it';
COMMENT ON COLUMN advisor.index_suggestions.action IS 'create or drop: an index that another one makes superfluous';
COMMENT ON COLUMN advisor.index_suggestions.relation IS 'the table';
COMMENT ON COLUMN advisor.index_suggestions.access_method IS 'btree, gin, gist, spgist, brin or hash';
COMMENT ON COLUMN advisor.index_suggestions.ddl IS 'ready to run, outside of a transaction; of a partitioned table a script of several statements';
COMMENT ON COLUMN advisor.index_suggestions.undo IS 'takes it back';
COMMENT ON COLUMN advisor.index_suggestions.index_bytes IS 'estimated bytes right after it is built, of B-trees within some percent, of others roughly; of a drop the bytes it frees';
COMMENT ON COLUMN advisor.index_suggestions.cost_before IS 'planner cost of the whole workload before this step';
COMMENT ON COLUMN advisor.index_suggestions.cost_after IS 'and after it';
COMMENT ON COLUMN advisor.index_suggestions.improvement IS '(cost_before - cost_after) / cost before the first step, 0..1';
COMMENT ON COLUMN advisor.index_suggestions.time_saved IS 'estimated ms over all recorded calls; 0 where no times are known';
COMMENT ON COLUMN advisor.index_suggestions.write_overhead IS 'planner cost that the recorded writes of the workload gain; negative for a drop';
COMMENT ON COLUMN advisor.index_suggestions.statements IS 'how many get cheaper';
COMMENT ON COLUMN advisor.index_suggestions.queryids IS 'which, dearest gain first';
COMMENT ON COLUMN advisor.index_suggestions.reason IS 'the same in words';
GRANT SELECT ON advisor.index_suggestions TO PUBLIC;

CREATE FUNCTION advisor.rejected_indexes(
    queries text[] DEFAULT NULL, storage_budget bigint DEFAULT NULL, min_improvement double precision DEFAULT 0.01,
    max_indexes integer DEFAULT NULL, time_limit interval DEFAULT NULL,
    OUT relation regclass, OUT access_method text, OUT ddl text, OUT index_bytes bigint,
    OUT cost_before double precision, OUT cost_after double precision, OUT improvement double precision,
    OUT write_overhead double precision, OUT reason text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_rejected_indexes_0_1'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000 ROWS 30;
COMMENT ON FUNCTION advisor.rejected_indexes(text[], bigint, double precision, integer, interval) IS
'Indexes that advisor.suggest_indexes with the same arguments considers and does not suggest, and why: the best 30 by what each would save alone, of those with the same keys one; then tables that are too small or were never analysed (ddl null). cost_before and cost_after are planner units of the whole workload without any new index and with this one alone, improvement is (cost_before - cost_after) / cost_before, write_overhead is its upkeep. Takes up to half the time_limit longer. Nothing is created';

CREATE FUNCTION advisor.progress_data(
    OUT pid integer, OUT datid oid, OUT userid oid, OUT phase text, OUT statements_total bigint,
    OUT statements_done bigint, OUT candidates bigint, OUT planner_calls bigint, OUT cost_before double precision,
    OUT cost_best double precision, OUT started timestamptz, OUT time_limit_ms double precision)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_progress_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED ROWS 1;
COMMENT ON FUNCTION advisor.progress_data() IS
'Data of the view advisor.progress';

CREATE VIEW advisor.progress AS
SELECT p.pid, p.datid, d.datname, r.rolname AS usename, p.phase, p.statements_total, p.statements_done, p.candidates,
       p.planner_calls, p.cost_before, p.cost_best, p.started,
       pg_catalog.make_interval(secs => p.time_limit_ms OPERATOR(pg_catalog./) 1000) AS time_limit
FROM advisor.progress_data() p
LEFT JOIN pg_catalog.pg_database d ON d.oid OPERATOR(pg_catalog.=) p.datid
LEFT JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) p.userid;
COMMENT ON VIEW advisor.progress IS
'Index advice under way, of all sessions: one row per call of suggest_indexes, index_suggestions or seq_scan_hotspots. Of others'' sessions the first four columns only, unless you have their role or pg_read_all_stats. Empty without shared_preload_libraries; at most 32 calls are seen at a time';
COMMENT ON COLUMN advisor.progress.pid IS 'process of the session; pg_cancel_backend(pid) ends the advice';
COMMENT ON COLUMN advisor.progress.datid IS 'OID of its database';
COMMENT ON COLUMN advisor.progress.datname IS 'its database';
COMMENT ON COLUMN advisor.progress.usename IS 'its user';
COMMENT ON COLUMN advisor.progress.phase IS 'in this order: collecting (what each statement asks for), preparing (costs without new indexes, candidates), pruning (asking the planner about each candidate), searching (for the best set), checking (that no statement gets dearer), describing (the result), looking for drops';
COMMENT ON COLUMN advisor.progress.statements_total IS 'statements to be looked at';
COMMENT ON COLUMN advisor.progress.statements_done IS 'statements looked at, those that had to be left out included';
COMMENT ON COLUMN advisor.progress.candidates IS 'indexes that are considered: while pruning all, while searching those that are left, then those that were found';
COMMENT ON COLUMN advisor.progress.planner_calls IS 'times the planner was asked so far';
COMMENT ON COLUMN advisor.progress.cost_before IS 'cost of the workload as the search weighs it; null before it is known';
COMMENT ON COLUMN advisor.progress.cost_best IS 'the same with the best set of indexes found so far, their upkeep included; null before there is one';
COMMENT ON COLUMN advisor.progress.started IS 'when the call began';
COMMENT ON COLUMN advisor.progress.time_limit IS 'its time limit: pruning ends at 40 % of it, the search at 80 %, both sooner if there is nothing left to try';
GRANT SELECT ON advisor.progress TO PUBLIC;

CREATE FUNCTION advisor.column_usage_data(
    OUT queryid bigint, OUT calls bigint, OUT total_exec_time double precision, OUT relation regclass,
    OUT attnum smallint, OUT place text, OUT wrapper text, OUT key text, OUT operator text, OUT operator_id oid,
    OUT collation_id oid, OUT other text, OUT other_type regtype, OUT other_relation regclass,
    OUT other_attnum smallint, OUT pattern text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_column_usage_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.column_usage_data() IS
'Data of the view advisor.column_usage';

CREATE VIEW advisor.column_usage AS
SELECT u.queryid, u.calls, u.total_exec_time, u.relation, a.attname AS column, u.attnum, u.place, u.wrapper, u.key,
       u.operator, u.operator_id, u.collation_id, u.other, u.other_type, u.other_relation, b.attname AS other_column,
       u.other_attnum, u.pattern
FROM advisor.column_usage_data() u
LEFT JOIN pg_catalog.pg_attribute a
       ON a.attrelid OPERATOR(pg_catalog.=) u.relation AND a.attnum OPERATOR(pg_catalog.=) u.attnum
LEFT JOIN pg_catalog.pg_attribute b
       ON b.attrelid OPERATOR(pg_catalog.=) u.other_relation AND b.attnum OPERATOR(pg_catalog.=) u.other_attnum;
COMMENT ON VIEW advisor.column_usage IS
'How the recorded statements use the columns of tables: a row per statement, column and way of use. Views are expanded, columns of sub-selects followed to their tables, partitions counted as their topmost parent';
COMMENT ON COLUMN advisor.column_usage.queryid IS 'the statement, see advisor.statements';
COMMENT ON COLUMN advisor.column_usage.calls IS 'times it was executed';
COMMENT ON COLUMN advisor.column_usage.total_exec_time IS 'ms it took in all';
COMMENT ON COLUMN advisor.column_usage.relation IS 'the table';
COMMENT ON COLUMN advisor.column_usage."column" IS 'its column';
COMMENT ON COLUMN advisor.column_usage.attnum IS 'its number';
COMMENT ON COLUMN advisor.column_usage.place IS 'condition (also of a join), order, group, output, or set (by UPDATE)';
COMMENT ON COLUMN advisor.column_usage.wrapper IS 'what stands around the column: cast, the name of a function or operator; null: the plain column';
COMMENT ON COLUMN advisor.column_usage.key IS 'constant second argument of the wrapper, as k in data ->> ''k''';
COMMENT ON COLUMN advisor.column_usage.operator IS 'of a condition: the operator as if the column stood left of it; or is null, is not null, is true, ..., itself, not';
COMMENT ON COLUMN advisor.column_usage.operator_id IS 'OID of that operator; null for tests without one';
COMMENT ON COLUMN advisor.column_usage.collation_id IS 'OID of the collation it compares by; null if none';
COMMENT ON COLUMN advisor.column_usage.other IS 'what it is compared with: constant, parameter, column, stable (a call like now()), expression';
COMMENT ON COLUMN advisor.column_usage.other_type IS 'type of that';
COMMENT ON COLUMN advisor.column_usage.other_relation IS 'if that is a column: its table';
COMMENT ON COLUMN advisor.column_usage.other_column IS 'and which';
COMMENT ON COLUMN advisor.column_usage.other_attnum IS 'its number';
COMMENT ON COLUMN advisor.column_usage.pattern IS 'of LIKE and regular expressions: prefix, contains or whole; null where the pattern is not known';
GRANT SELECT ON advisor.column_usage TO PUBLIC;

-- ---------------------------------------------------------------------------------------------------
-- What else is wrong: findings
-- ---------------------------------------------------------------------------------------------------

CREATE TABLE advisor.ignored (
    rule text,
    object text,
    reason text,
    ignored_by name NOT NULL DEFAULT SESSION_USER,
    ignored_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CHECK (rule IS NOT NULL OR object IS NOT NULL),
    UNIQUE NULLS NOT DISTINCT (rule, object)
);
COMMENT ON TABLE advisor.ignored IS
'What advisor.findings leaves out, by advisor.ignore(); pg_dump keeps it';
COMMENT ON COLUMN advisor.ignored.rule IS 'the rule; null: any';
COMMENT ON COLUMN advisor.ignored.object IS 'the object as advisor.findings calls it; null: any';
COMMENT ON COLUMN advisor.ignored.reason IS 'why, for the next reader';
COMMENT ON COLUMN advisor.ignored.ignored_by IS 'who decided that';
COMMENT ON COLUMN advisor.ignored.ignored_at IS 'when';
GRANT SELECT ON advisor.ignored TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('advisor.ignored', '');

CREATE TABLE advisor.thresholds (
    rule text NOT NULL,
    name text NOT NULL,
    value double precision NOT NULL,
    set_by name NOT NULL DEFAULT SESSION_USER,
    set_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    PRIMARY KEY (rule, name)
);
COMMENT ON TABLE advisor.thresholds IS
'Thresholds of rules that differ from the default, by advisor.set_threshold(); pg_dump keeps it';
COMMENT ON COLUMN advisor.thresholds.rule IS 'the rule';
COMMENT ON COLUMN advisor.thresholds.name IS 'the threshold, a key of advisor.rules.thresholds';
COMMENT ON COLUMN advisor.thresholds.value IS 'what holds instead of the default';
COMMENT ON COLUMN advisor.thresholds.set_by IS 'who decided that';
COMMENT ON COLUMN advisor.thresholds.set_at IS 'when';
GRANT SELECT ON advisor.thresholds TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('advisor.thresholds', '');

CREATE FUNCTION advisor.counted(number double precision, noun text, plural text DEFAULT NULL)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
RETURN to_char(number, 'FM999,999,999,999,990') || ' '
       || CASE WHEN round(number) = 1 THEN noun ELSE coalesce(plural, noun || 's') END;
COMMENT ON FUNCTION advisor.counted(double precision, text, text) IS
'A number with what it counts, as 1 row or 2,000 rows; plural is noun with an s unless it is given. Used by rules of advisor.findings';

CREATE FUNCTION advisor.redundant_indexes(
    tables regclass[], OUT index regclass, OUT covered_by regclass, OUT kind text, OUT needed_for text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_redundant_indexes_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION advisor.redundant_indexes(regclass[]) IS
'Indexes of the tables that another index makes superfluous, by definition alone: kind is duplicate, unique-repeats (a unique index has the same columns) or prefix; needed_for null: nothing else needs it, constraint: it backs one, or a foreign key refers to it. Used by rules of advisor.findings';

CREATE FUNCTION advisor.expendable_indexes(tables regclass[])
RETURNS SETOF regclass
AS 'MODULE_PATHNAME', 'advisor_expendable_indexes_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION advisor.expendable_indexes(regclass[]) IS
'Indexes of the tables that nothing but queries could need, redundant ones apart, as advisor.suggest_indexes() judges them. Used by rules of advisor.findings';

CREATE FUNCTION advisor.rebuilt_index_bytes(index regclass)
RETURNS bigint
AS 'MODULE_PATHNAME', 'advisor_rebuilt_index_bytes_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION advisor.rebuilt_index_bytes(regclass) IS
'Bytes the index would have if it were built anew, from the statistics of its table; null where that cannot be told. Used by rules of advisor.findings';

CREATE FUNCTION advisor.temporary_schema_is_idle(schema oid)
RETURNS boolean
AS 'MODULE_PATHNAME', 'advisor_temporary_schema_is_idle_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL RESTRICTED;
COMMENT ON FUNCTION advisor.temporary_schema_is_idle(oid) IS
'Whether a schema is one for temporary tables that no session of this database uses now. Used by rules of advisor.findings';

CREATE FUNCTION advisor.index_ddl("table" regclass, columns text[], OUT ddl text, OUT undo text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_index_ddl_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE COST 1000 ROWS 1;
COMMENT ON FUNCTION advisor.index_ddl(regclass, text[]) IS
'Script that creates a B-tree index on the columns, of a partitioned table partition by partition, and its undo. Used by rules of advisor.findings';

CREATE FUNCTION advisor.workload_advice(
    OUT relation regclass, OUT table_rows bigint, OUT table_bytes bigint, OUT queryid bigint, OUT query text,
    OUT filter text, OUT calls bigint, OUT seq_scans bigint, OUT rows_read bigint, OUT rows_kept bigint,
    OUT pages_read bigint, OUT est_time double precision, OUT share double precision, OUT severity text,
    OUT suggested_index text, OUT verdict text,
    OUT rank integer, OUT action text, OUT target regclass, OUT access_method text, OUT ddl text, OUT undo text,
    OUT index_bytes bigint, OUT cost_before double precision, OUT cost_after double precision,
    OUT improvement double precision, OUT time_saved double precision, OUT write_overhead double precision,
    OUT statements integer, OUT queryids bigint[], OUT reason text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_workload_advice_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE COST 100000 ROWS 100;
COMMENT ON FUNCTION advisor.workload_advice() IS
'What advisor.seq_scan_hotspots and advisor.suggest_indexes() say of the recorded workload, from one search of five seconds at most: first a row per suggestion (rank and what follows; target is its table), then one per hot spot (the columns before). Used by rules of advisor.findings';

CREATE FUNCTION advisor.drop_index_script(index oid)
RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
SELECT CASE c.relkind WHEN 'I' THEN format(E'SET lock_timeout = ''2s'';\nDROP INDEX %I.%I;\nRESET lock_timeout;', n.nspname, c.relname)
                      ELSE format('DROP INDEX CONCURRENTLY %I.%I;', n.nspname, c.relname) END
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = drop_index_script.index AND c.relkind IN ('i', 'I')
$$;
COMMENT ON FUNCTION advisor.drop_index_script(oid) IS
'Script that drops an index: CONCURRENTLY, or of a partitioned table, where that does not exist, all its parts under a short lock_timeout. Used by rules of advisor.findings';

CREATE FUNCTION advisor.create_index_script(index oid)
RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
WITH RECURSIVE tree (indexrelid, parent, level) AS (
    SELECT create_index_script.index, NULL::oid, 0
    UNION ALL
    SELECT h.inhrelid, h.inhparent, t.level + 1 FROM tree t JOIN pg_inherits h ON h.inhparent = t.indexrelid
), named AS (
    SELECT t.*, format('%I.%I', n.nspname, c.relname) AS identity, s.spcname, pg_get_indexdef(c.oid) AS definition,
           obj_description(c.oid, 'pg_class') AS comment, c.relkind
    FROM tree t JOIN pg_class c ON c.oid = t.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
), steps AS (
    SELECT n.level AS place, n.identity,
           CASE WHEN n.spcname IS NOT NULL THEN format(E'SET default_tablespace = %L;\n', quote_ident(n.spcname)) ELSE '' END
           || CASE WHEN n.relkind = 'I' THEN n.definition
                   ELSE regexp_replace(n.definition, '^CREATE (UNIQUE )?INDEX ', 'CREATE \1INDEX CONCURRENTLY ') END || ';'
           || CASE WHEN n.spcname IS NOT NULL THEN E'\nRESET default_tablespace;' ELSE '' END
           || (SELECT coalesce(string_agg(format(E'\nALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s;', n.identity, a.attnum,
                                                 a.attstattarget), '' ORDER BY a.attnum), '')
               FROM pg_attribute a WHERE a.attrelid = n.indexrelid AND a.attstattarget >= 0)
           || CASE WHEN n.comment IS NOT NULL THEN format(E'\nCOMMENT ON INDEX %s IS %L;', n.identity, n.comment) ELSE '' END AS step
    FROM named n
    UNION ALL
    SELECT 1000000 - n.level, n.identity, format('ALTER INDEX %s ATTACH PARTITION %s;', p.identity, n.identity)
    FROM named n JOIN named p ON p.indexrelid = n.parent
)
SELECT string_agg(s.step, E'\n' ORDER BY s.place, s.identity) FROM steps s
$$;
COMMENT ON FUNCTION advisor.create_index_script(oid) IS
'Script that builds an existing index again after it was dropped: its definition with CONCURRENTLY, tablespace, statistics targets and comment; of a partitioned table part by part. Used by rules of advisor.findings';

CREATE FUNCTION advisor.rules_data(
    OUT rule text, OUT category text, OUT default_severity text, OUT title text, OUT what text, OUT why text,
    OUT detection text, OUT caution text, OUT fix text, OUT threshold_names text[], OUT threshold_values text[])
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_rules_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.rules_data() IS
'Data of the view advisor.rules';

CREATE VIEW advisor.rules AS
SELECT d.rule, d.category, d.default_severity, d.title, d.what, d.why, d.detection, d.caution, d.fix,
       (SELECT coalesce(pg_catalog.jsonb_object_agg(t.name, t.value::numeric), '{}')
        FROM ROWS FROM (pg_catalog.unnest(d.threshold_names), pg_catalog.unnest(d.threshold_values)) AS t (name, value)) AS thresholds,
       NOT EXISTS (SELECT FROM advisor.ignored i
                   WHERE i.rule OPERATOR(pg_catalog.=) d.rule AND i.object IS NULL) AS enabled
FROM advisor.rules_data() AS d;
COMMENT ON VIEW advisor.rules IS
'What advisor.findings looks for, a row per rule; docs/rules.md has more on each';
COMMENT ON COLUMN advisor.rules.rule IS 'its name, which does not change between versions';
COMMENT ON COLUMN advisor.rules.category IS 'family of rules';
COMMENT ON COLUMN advisor.rules.default_severity IS 'critical, warning or notice; a finding may differ from it, by its evidence';
COMMENT ON COLUMN advisor.rules.title IS 'one line';
COMMENT ON COLUMN advisor.rules.what IS 'what is found';
COMMENT ON COLUMN advisor.rules.why IS 'why that hurts';
COMMENT ON COLUMN advisor.rules.detection IS 'how it is detected';
COMMENT ON COLUMN advisor.rules.caution IS 'when it is wrong';
COMMENT ON COLUMN advisor.rules.fix IS 'what the fix does and costs, and what its undo cannot bring back';
COMMENT ON COLUMN advisor.rules.thresholds IS 'figures that decide, as they hold now; see advisor.set_threshold';
COMMENT ON COLUMN advisor.rules.enabled IS 'false: silenced as a whole by advisor.ignore';
GRANT SELECT ON advisor.rules TO PUBLIC;

CREATE FUNCTION advisor.findings_data(
    OUT rule text, OUT category text, OUT severity text, OUT object text, OUT title text, OUT detail text,
    OUT evidence text, OUT impact double precision, OUT fix text, OUT undo text, OUT docs text)
RETURNS SETOF record
AS 'MODULE_PATHNAME', 'advisor_findings_0_1'
LANGUAGE C STRICT VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION advisor.findings_data() IS
'Data of the view advisor.findings';

CREATE VIEW advisor.findings AS
SELECT rule, category, severity, object, title, detail, evidence::jsonb AS evidence, impact, fix, undo, docs
FROM advisor.findings_data();
COMMENT ON VIEW advisor.findings IS
'Everything the advisor has to say about this database, worst first; objects you have no privilege on are left out';
COMMENT ON COLUMN advisor.findings.rule IS 'the rule that found it, see advisor.rules';
COMMENT ON COLUMN advisor.findings.category IS 'family of the rule';
COMMENT ON COLUMN advisor.findings.severity IS 'critical, warning or notice';
COMMENT ON COLUMN advisor.findings.object IS 'the object as pg_identify_object prints it, or "query <queryid>"';
COMMENT ON COLUMN advisor.findings.title IS 'one line';
COMMENT ON COLUMN advisor.findings.detail IS 'why, with the figures that led to it';
COMMENT ON COLUMN advisor.findings.evidence IS 'the figures, for programs';
COMMENT ON COLUMN advisor.findings.impact IS 'ms of total execution time at stake; null: not measured';
COMMENT ON COLUMN advisor.findings.fix IS 'SQL script that mends it, for psql; null: what to do is yours to decide, see detail';
COMMENT ON COLUMN advisor.findings.undo IS 'SQL script that takes the fix back; a comment in it says what it cannot bring back';
COMMENT ON COLUMN advisor.findings.docs IS 'section of the documentation on this rule';
GRANT SELECT ON advisor.findings TO PUBLIC;

CREATE FUNCTION advisor.ignore(rule text DEFAULT NULL, object text DEFAULT NULL, reason text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF ignore.rule IS NULL AND ignore.object IS NULL THEN
        RAISE EXCEPTION 'nothing to ignore' USING ERRCODE = '22004',
            HINT = 'Give a rule, an object as advisor.findings calls it, or both.';
    END IF;
    IF ignore.rule IS NOT NULL AND NOT EXISTS (SELECT FROM advisor.rules_data() d WHERE d.rule = ignore.rule) THEN
        RAISE EXCEPTION 'there is no rule "%"', ignore.rule USING ERRCODE = '22023',
            HINT = 'SELECT rule, title FROM advisor.rules;';
    END IF;
    INSERT INTO advisor.ignored AS i (rule, object, reason)
    VALUES (ignore.rule, ignore.object, ignore.reason)
    ON CONFLICT ON CONSTRAINT ignored_rule_object_key DO UPDATE
    SET reason = excluded.reason, ignored_by = excluded.ignored_by, ignored_at = excluded.ignored_at;
END
$$;
COMMENT ON FUNCTION advisor.ignore(text, text, text) IS
'Leaves a rule (object null), an object (rule null), or one rule on one object out of advisor.findings; object as findings calls it. A comment on the object itself does the same: "pg_advisor: ignore <rule>". Superusers, until granted.';
REVOKE ALL ON FUNCTION advisor.ignore(text, text, text) FROM PUBLIC;

CREATE FUNCTION advisor.unignore(rule text DEFAULT NULL, object text DEFAULT NULL)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM advisor.ignored i
    WHERE i.rule IS NOT DISTINCT FROM unignore.rule AND i.object IS NOT DISTINCT FROM unignore.object;
    IF NOT FOUND THEN
        RAISE NOTICE 'nothing of this rule and object was ignored' USING HINT = 'SELECT * FROM advisor.ignored;';
    END IF;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION advisor.unignore(text, text) IS
'Takes back what advisor.ignore was told with the same rule and object; false, with a notice, if there was nothing. Superusers, until granted.';
REVOKE ALL ON FUNCTION advisor.unignore(text, text) FROM PUBLIC;

CREATE FUNCTION advisor.set_threshold(rule text, name text, value double precision)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    names text[];
BEGIN
    SELECT d.threshold_names INTO names FROM advisor.rules_data() d WHERE d.rule = set_threshold.rule;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no rule "%"', set_threshold.rule USING ERRCODE = '22023',
            HINT = 'SELECT rule, title FROM advisor.rules;';
    END IF;
    IF set_threshold.name IS NULL OR set_threshold.name <> ALL (names) THEN
        RAISE EXCEPTION 'rule "%" has no threshold "%"', set_threshold.rule, set_threshold.name
            USING ERRCODE = '22023', DETAIL = CASE WHEN names = '{}' THEN 'It has none.'
                                                   ELSE 'It has ' || array_to_string(names, ', ') || '.' END;
    END IF;
    IF set_threshold.value IN ('NaN', 'Infinity', '-Infinity') THEN
        RAISE EXCEPTION 'a threshold must be a finite number' USING ERRCODE = '22023',
            HINT = 'NULL restores the default.';
    END IF;
    IF set_threshold.value IS NULL THEN
        DELETE FROM advisor.thresholds t WHERE t.rule = set_threshold.rule AND t.name = set_threshold.name;
        RETURN;
    END IF;
    INSERT INTO advisor.thresholds AS t (rule, name, value)
    VALUES (set_threshold.rule, set_threshold.name, set_threshold.value)
    ON CONFLICT ON CONSTRAINT thresholds_pkey DO UPDATE
    SET value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at;
END
$$;
COMMENT ON FUNCTION advisor.set_threshold(text, text, double precision) IS
'Sets a figure by which a rule decides, see advisor.rules.thresholds; null restores the default. Superusers, until granted.';
REVOKE ALL ON FUNCTION advisor.set_threshold(text, text, double precision) FROM PUBLIC;
