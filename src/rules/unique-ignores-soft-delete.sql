-- A unique constraint that deleted rows take part in
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes, column_usage
-- what: A table whose statements leave out rows that are marked as deleted, with a unique constraint over all rows.
-- why: A name that was deleted cannot be used again: the INSERT fails with a duplicate of a row that nobody sees.
-- detection: A nullable column called deleted_at, deleted_on or removed_at, that is tested for NULL by statements of at least
--   min_share of the calls with a condition on the table, and at least min_calls calls; a unique index, not of the primary
--   key, without that column and without a predicate on it; rows that are marked.
-- caution: Where a name must never be used again (e-mail addresses of accounts, document numbers) this is as it should be. Foreign keys
--   and ON CONFLICT need the constraint as it is.
-- fix: No script: a unique index WHERE the column IS NULL, then drop the constraint. The way back fails if a name has been used
--   again by then.
-- threshold: min_share 0.8 share of the calls that leave deleted rows out
-- threshold: min_calls 100 calls of statements with a condition on the table
WITH asked AS (
    SELECT q.relation, sum(q.calls) AS calls FROM (SELECT DISTINCT relation, queryid, calls FROM column_usage WHERE place = 'condition') q GROUP BY q.relation
), marks AS (
    SELECT c.relid, c.attnum, c.name, c.null_frac,
           (SELECT sum(q.calls) FROM (SELECT DISTINCT u.queryid, u.calls FROM column_usage u
                                      WHERE u.relation = c.relid AND u.attnum = c.attnum AND u.operator = 'is null') q) AS calls
    FROM columns c
    WHERE c.name ~* '^(deleted|removed)_?(at|on)$' AND NOT c.not_null AND c.null_frac < 1
)
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, t.bytes AS weight,
       format('Unique index %s also holds for deleted rows of %s', i.identity, t.identity) AS title,
       format('%s of %s with a condition on the table leave out rows where %I is set, %s %% of all rows by the last ANALYZE; the index counts them in. If a value may be used again: a unique index WHERE %I IS NULL instead.',
              to_char(m.calls, 'FM999,999,999,999,990'), advisor.counted(a.calls, 'call'), m.name, round((100 * (1 - m.null_frac))::numeric, 1), m.name) AS detail,
       jsonb_build_object('mark', m.name, 'calls', a.calls, 'calls_without_deleted', m.calls, 'deleted_share', 1 - m.null_frac) AS evidence
FROM marks m
JOIN tables t ON t.relid = m.relid AND t.kind IN ('r', 'p')
JOIN asked a ON a.relation = m.relid
JOIN indexes i ON i.relid = m.relid AND i.is_unique AND i.is_valid AND NOT i.is_primary AND i.predicate IS NULL
              AND NOT m.attnum = ANY (i.keys)
WHERE a.calls >= :min_calls AND m.calls >= :min_share * a.calls
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype = 'f')
