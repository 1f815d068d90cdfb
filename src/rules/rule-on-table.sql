-- A rule on a table
--
-- category: schema
-- severity: notice
-- inputs: tables
-- what: A table with a rule made by CREATE RULE.
-- why: A rule rewrites the statement: expressions in it are evaluated more than once, the number of rows that is returned is
--   that of something else, and INSERT ... ON CONFLICT and COPY do not follow it as one expects.
-- detection: The catalog.
-- caution: Rules that were written with care work on.
-- fix: No script: a trigger does what is meant, for each row.
SELECT 'pg_rewrite'::regclass AS classid, r.oid AS objid, 0 AS objsubid,
       format('Table %s has a rule, %I', t.identity, r.rulename) AS title,
       pg_get_ruledef(r.oid) || ' A trigger would be run for each row as it is, and show up in EXPLAIN ANALYZE.' AS detail,
       jsonb_build_object('rows', t.rows, 'enabled', r.ev_enabled <> 'D') AS evidence, t.bytes AS weight
FROM tables t JOIN pg_rewrite r ON r.ev_class = t.relid AND r.ev_type <> '1'
WHERE t.kind IN ('r', 'p')
