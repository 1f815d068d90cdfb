-- A column that identifies rows, without a constraint that says so
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes, statements, column_usage
-- what: A NOT NULL column called email, sku, code and the like that has a different value in every row by the
--   statistics, is looked up by equality and never found twice, and has no unique constraint.
-- why: The first duplicate is a bug that nobody notices until two rows answer to one name.
-- detection: At least min_rows rows; as many different values as rows by the last ANALYZE; statements with an equality on
--   the column returned at most one row per call over at least min_calls calls.
-- caution: Statistics come from a sample. With soft deletes, or an e-mail compared by lower(), the right constraint
--   is another one.
-- fix: Builds a unique index CONCURRENTLY (which fails, and leaves an invalid index, if there are duplicates) and
--   makes it a constraint, with ACCESS EXCLUSIVE for a moment.
-- threshold: min_rows 1000 rows from which a table is looked at
-- threshold: min_calls 1000 calls that looked for one value
WITH lookups AS (
    SELECT u.relation, u.attnum, sum(s.calls) AS calls, sum(s.rows) AS rows, array_agg(s.queryid ORDER BY s.queryid) AS queryids
    FROM (SELECT DISTINCT relation, attnum, queryid FROM column_usage
          WHERE place = 'condition' AND operator = '=' AND wrapper IS NULL AND other IN ('constant', 'parameter') AND other_type::text !~ '\[\]$') u
    JOIN statements s ON s.queryid = u.queryid AND s.query ~* '^\s*select'
    GROUP BY u.relation, u.attnum
)
SELECT 'pg_class'::regclass AS classid, l.relation AS objid, l.attnum::int AS objsubid,
       format('%s.%I looks unique, and nothing keeps it so', t.identity, c.name) AS title,
       format('%s as many different values by the last ANALYZE, and %s found %s, never more than one each on average.',
              advisor.counted(t.rows, 'row has', 'rows have'), advisor.counted(l.calls, 'lookup'), advisor.counted(l.rows, 'row')) AS detail,
       jsonb_build_object('rows', t.rows, 'calls', l.calls, 'rows_found', l.rows, 'n_distinct', c.n_distinct, 'queryids', l.queryids) AS evidence,
       t.bytes AS weight,
       format(E'CREATE UNIQUE INDEX CONCURRENTLY %I ON %s (%I);\nSET lock_timeout = ''2s'';\nALTER TABLE %s ADD CONSTRAINT %I UNIQUE USING INDEX %I;\nRESET lock_timeout;',
              n.name, t.identity, c.name, t.identity, n.name, n.name) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s DROP CONSTRAINT %I;\nRESET lock_timeout;', t.identity, n.name) AS undo
FROM lookups l
JOIN tables t ON t.relid = l.relation AND t.kind = 'r'
JOIN columns c ON c.relid = l.relation AND c.attnum = l.attnum
CROSS JOIN LATERAL (SELECT left(t.name || '_' || c.name, 58) || '_key' AS name) n
WHERE l.calls >= :min_calls AND l.rows <= l.calls AND t.rows >= :min_rows AND c.not_null AND c.n_distinct <= -0.99
  AND c.name ~* '^(e_?mail|slug|sku|code|user_?name|login|external_id|token|isin|ean|uuid|handle|serial(_number)?)$'
  AND NOT EXISTS (SELECT FROM indexes i WHERE i.relid = l.relation AND i.is_unique AND i.is_valid
                     AND (i.keys = ARRAY[l.attnum]::int2[] OR (i.has_expressions AND pg_get_indexdef(i.indexrelid) LIKE '%' || quote_ident(c.name) || '%')))
  AND NOT EXISTS (SELECT FROM columns s WHERE s.relid = l.relation AND s.name ~* '^(deleted_at|is_deleted|deleted|archived_at)$')
  AND NOT EXISTS (SELECT FROM pg_class x JOIN pg_namespace m ON m.oid = x.relnamespace WHERE x.relname = n.name AND m.nspname = t.schema)
