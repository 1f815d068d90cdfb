-- Text that is one of a few words
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, fks, indexes, samples, column_usage
-- what: A text column of a large table that holds from 2 to max_values different values, and nothing keeps it to them.
-- why: A misspelt value is stored without an error and then found by nobody.
-- detection: The values that ANALYZE saw are all there are (no histogram), the recorded statements compare the column, by
--   equality only and in min_calls calls, and no CHECK, foreign key or unique index is on it. Tables of at least min_rows rows.
-- caution: A list that still grows with the application is better kept there, or in a table.
-- fix: No script: a CHECK (... IN (...)), added NOT VALID and then validated, or a lookup table with a foreign key. Which
--   values there may be is yours to say; ANALYZE may have missed rare ones.
-- threshold: min_rows 100000 rows from which a column is reported
-- threshold: min_calls 10 calls that compare it
-- threshold: max_values 20 different values up to which it is a list
WITH compared AS (
    SELECT u.relation AS relid, u.attnum, sum(u.calls) AS calls
    FROM column_usage u WHERE u.place = 'condition'
    GROUP BY u.relation, u.attnum
    HAVING bool_and(u.operator = '=' AND u.other <> 'column' AND (u.wrapper IS NULL OR u.wrapper = 'cast'))
       AND sum(u.calls) >= :min_calls
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I is one of %s, and nothing keeps it so', t.identity, c.name, advisor.counted(cardinality(s.sample), 'word')) AS title,
       format('In %s ANALYZE saw no others, and statements compare it by equality only (%s). A CHECK or a lookup table would refuse any other word.',
              advisor.counted(t.rows, 'row'), advisor.counted(p.calls, 'call')) AS detail,
       jsonb_build_object('distinct', cardinality(s.sample), 'calls', p.calls, 'rows', t.rows) AS evidence, t.rows AS weight
FROM columns c
JOIN tables t ON t.relid = c.relid AND t.rows >= :min_rows
JOIN samples s ON s.relid = c.relid AND s.attnum = c.attnum AND s.complete AND cardinality(s.sample) BETWEEN 2 AND :max_values
JOIN compared p ON p.relid = c.relid AND p.attnum = c.attnum
WHERE c.type IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.relid AND k.contype = 'c' AND c.attnum = ANY (k.conkey))
  AND NOT EXISTS (SELECT FROM fks f WHERE f.relid = c.relid AND c.attnum = ANY (f.columns))
  AND NOT EXISTS (SELECT FROM indexes i WHERE i.relid = c.relid AND i.is_unique AND i.keys::int2[] = ARRAY[c.attnum])
