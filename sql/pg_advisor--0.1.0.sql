-- pg_advisor 0.1.0: everything lives in the schema advisor (see pg_advisor.control).
\echo Use "CREATE EXTENSION pg_advisor" to load this file. \quit

-- ---------------------------------------------------------------------------------------------------
-- What happened: capture
-- ---------------------------------------------------------------------------------------------------

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
                                         OUT indexes_used pg_catalog.text[])
RETURNS SETOF pg_catalog.record
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'advisor_evaluate_indexes_0_1';

COMMENT ON FUNCTION advisor.evaluate_indexes(pg_catalog.text[], pg_catalog.regclass[], pg_catalog.text[]) IS
'Planner cost per call of each statement without and with a set of index changes, and the indexes the plan with them uses. queries null: the recorded workload of this database. A statement that cannot be planned keeps its row, without costs, and a warning says why.';

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

