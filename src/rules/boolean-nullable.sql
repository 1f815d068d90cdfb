-- A boolean with three states, asked for one of two
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, column_usage
-- what: A boolean column that may be NULL, and that statements test for being false.
-- why: NOT flag and flag = false leave out rows where it is NULL, mostly without anybody having meant so.
-- detection: The recorded statements: conditions that are NOT of the column, or compare it with the constant false. Not where it is also tested with IS [NOT] TRUE,
--   IS [NOT] FALSE, IS [NOT] UNKNOWN or IS [NOT] NULL: then somebody thought of the third state.
-- caution: Where NULL means "not known yet" it is right to leave it out.
-- fix: No script: what NULL means is yours to say. If it means false: a default, the NULLs filled in batches, then NOT NULL by
--   way of a CHECK that is validated.
WITH asked AS (
    SELECT u.relation AS relid, u.attnum, count(DISTINCT u.queryid) FILTER (WHERE u.operator = 'not') AS statements,
           sum(u.calls) FILTER (WHERE u.operator = 'not') AS calls
    FROM column_usage u
    WHERE u.place = 'condition' AND u.wrapper IS NULL
    GROUP BY u.relation, u.attnum
    HAVING NOT bool_or(u.operator LIKE 'is %') AND bool_or(u.operator = 'not')
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I may be NULL, and statements ask for false', t.identity, c.name) AS title,
       format('By %s (%s) rows where it is false are taken, and those where it is NULL left out: %s of them by ANALYZE.',
              advisor.counted(a.statements, 'statement'), advisor.counted(a.calls, 'call'),
              coalesce(round((100 * c.null_frac)::numeric, 1) || ' %', 'not known how many')) AS detail,
       jsonb_build_object('statements', a.statements, 'calls', a.calls, 'null_frac', c.null_frac, 'rows', t.rows) AS evidence,
       a.calls AS weight
FROM asked a
JOIN tables t ON t.relid = a.relid
JOIN columns c ON c.relid = a.relid AND c.attnum = a.attnum
WHERE c.base = 'bool'::regtype AND NOT c.not_null
