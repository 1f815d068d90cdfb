-- Columns of type char(n)
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, samples
-- what: A table with columns of type character(n), n > 1, whose values are not all n long.
-- why: Values are filled up with spaces to n: that takes room in the table and in every index, and the spaces come and go
--   when the value meets text, in LIKE and in concatenation.
-- detection: Some of the values that ANALYZE sampled end in a space. Nothing is said where it sampled none, or of tables
--   of fewer than 1000 rows.
-- caution: Codes of a fixed length, and char(1), are left out: nothing is filled up there.
-- fix: No script: text or varchar(n) rewrites the table under ACCESS EXCLUSIVE, and comparisons with trailing spaces then
--   give other results.
WITH padded AS (
    SELECT c.relid, jsonb_agg(c.name ORDER BY c.attnum) AS names, string_agg(quote_ident(c.name) || ' ' || c.type_name, ', ' ORDER BY c.attnum) AS list
    FROM columns c
    JOIN samples s ON s.relid = c.relid AND s.attnum = c.attnum
    WHERE c.base = 'bpchar'::regtype AND c.typmod > 5
      AND EXISTS (SELECT FROM unnest(s.sample) v WHERE v LIKE '% ')
    GROUP BY c.relid
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       format('Table %s fills values up with spaces', t.identity) AS title,
       format('%s: sampled values are shorter than declared. text or varchar stores them as they are; the table has %s rows, %s.', p.list,
              to_char(t.rows, 'FM999,999,999,999,990'), pg_size_pretty(t.bytes::bigint)) AS detail,
       jsonb_build_object('columns', p.names, 'rows', t.rows, 'bytes', t.bytes) AS evidence, t.bytes AS weight
FROM padded p JOIN tables t ON t.relid = p.relid
