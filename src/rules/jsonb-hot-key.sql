-- A key inside JSON that most queries of the table ask for
--
-- category: schema
-- severity: notice
-- inputs: tables, column_usage
-- what: A constant key of a json or jsonb column that is in the conditions of a large part of the table's statements.
-- why: A key that everything asks for is a column: the planner has no statistics on it, it has no type, no NOT NULL and
--   no foreign key, and each row's document is taken apart to look at it.
-- detection: At least share of the calls of statements that use the table, and at least min_calls, have a condition on
--   column ->> 'key', column -> 'key' or column #>> 'path'.
-- caution: Documents of others whose keys are not yours to decide.
-- fix: No script: a column of its own, filled by the application or a trigger. A stored generated column rewrites the
--   table. An expression index, if one is worth it, is among the index suggestions.
-- threshold: min_calls 1000 calls with a condition on the key
-- threshold: share 0.3 of the calls that use the table
WITH used AS (
    SELECT relation, sum(calls) AS calls FROM (SELECT DISTINCT relation, queryid, calls FROM column_usage) q GROUP BY relation
), keys AS (
    SELECT relation, "column", attnum, key, sum(calls) AS calls, sum(total_exec_time) AS time, array_agg(queryid ORDER BY queryid) AS queryids
    FROM (SELECT DISTINCT relation, "column", attnum, key, queryid, calls, total_exec_time
          FROM column_usage WHERE place = 'condition' AND wrapper IN ('->>', '->', '#>>') AND key IS NOT NULL) q
    GROUP BY relation, "column", attnum, key
)
SELECT 'pg_class'::regclass AS classid, k.relation AS objid, k.attnum::int AS objsubid,
       format('%s of the calls on %s ask for %s -> %L', round(100 * k.calls / u.calls) || ' %', t.identity, quote_ident(k.column), k.key) AS title,
       format('%s of %s of statements on this table have a condition on the key %L of %s. As a column it would have a type, statistics and constraints.',
              to_char(k.calls, 'FM999,999,999,999,990'), advisor.counted(u.calls, 'call'), k.key, quote_ident(k.column)) AS detail,
       jsonb_build_object('key', k.key, 'calls', k.calls, 'table_calls', u.calls, 'queryids', k.queryids) AS evidence,
       k.time AS impact
FROM keys k JOIN used u ON u.relation = k.relation JOIN tables t ON t.relid = k.relation
WHERE k.calls >= :min_calls AND k.calls >= :share * u.calls
