-- Columns of type char(n)
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, samples
-- what: A schema with columns of type character(n), n > 1, whose values are not all n long.
-- why: Values are filled up with spaces to n: that takes room in the table and in every index, and the spaces come and go
--   when the value meets text, in LIKE and in concatenation.
-- detection: Some of the values that ANALYZE sampled end in a space; one finding per schema. Nothing is said where it
--   sampled none, or of tables of fewer than 1000 rows.
-- caution: Codes of a fixed length, and char(1), are left out: nothing is filled up there.
-- fix: No script: text or varchar(n) rewrites the table under ACCESS EXCLUSIVE, and comparisons with trailing spaces then
--   give other results.
WITH padded AS (
    SELECT t.schema, format('%s.%I', t.identity, c.name) AS place, c.type_name, t.rows,
           row_number() OVER (PARTITION BY t.schema ORDER BY t.rows DESC, t.identity, c.attnum) AS rank
    FROM columns c
    JOIN tables t ON t.relid = c.relid
    JOIN samples s ON s.relid = c.relid AND s.attnum = c.attnum
    WHERE c.base = 'bpchar'::regtype AND c.typmod > 5
      AND EXISTS (SELECT FROM unnest(s.sample) v WHERE v LIKE '% ')
)
SELECT 'pg_namespace'::regclass AS classid, n.oid AS objid, 0 AS objsubid,
       format('Schema %I has %s up with spaces', p.schema, advisor.counted(count(*), 'column that fills values', 'columns that fill values')) AS title,
       format('Sampled values are shorter than declared, for example %s. text or varchar stores them as they are.',
              string_agg(format('%s %s, in %s', p.place, p.type_name, advisor.counted(p.rows, 'row')), '; ' ORDER BY p.rank) FILTER (WHERE p.rank <= 3)) AS detail,
       jsonb_build_object('columns', count(*), 'examples', jsonb_agg(p.place ORDER BY p.rank) FILTER (WHERE p.rank <= 50)) AS evidence,
       max(p.rows) AS weight
FROM padded p JOIN pg_namespace n ON n.nspname = p.schema
GROUP BY n.oid, p.schema
