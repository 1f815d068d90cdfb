-- A unique column that may be NULL and never is
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes
-- what: A column of a unique index that allows NULL although ANALYZE found none.
-- why: Any number of rows with NULL pass the unique index. NOT NULL would also let the index become a primary key or a
--   replica identity.
-- detection: A full unique index for which NULLs differ, at least min_rows rows, no NULL in ANALYZE's sample.
-- caution: A sample can miss a few; VALIDATE finds them, and fails. A column that was added for what is to come may get them.
-- fix: A CHECK is added NOT VALID and validated while writes go on; SET NOT NULL then scans nothing and holds ACCESS
--   EXCLUSIVE for a moment; the CHECK goes. Should VALIDATE fail, drop the CHECK or repair the rows. The undo is DROP NOT NULL.
-- threshold: min_rows 10000 rows from which a column is reported
SELECT DISTINCT ON (c.relid, c.attnum)
       'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I is unique but may be NULL', t.identity, c.name) AS title,
       format('Unique index %s lets any number of NULLs in; none was seen in %s.', i.identity, advisor.counted(t.rows, 'row')) AS detail,
       jsonb_build_object('index', i.identity, 'rows', t.rows, 'null_frac', c.null_frac) AS evidence, t.bytes AS weight,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %1$s ADD CONSTRAINT %2$I CHECK (%3$I IS NOT NULL) NOT VALID;\nALTER TABLE %1$s VALIDATE CONSTRAINT %2$I;\nALTER TABLE %1$s ALTER COLUMN %3$I SET NOT NULL;\nALTER TABLE %1$s DROP CONSTRAINT %2$I;\nRESET lock_timeout;',
              t.identity, k.name, c.name) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s ALTER COLUMN %I DROP NOT NULL;\nRESET lock_timeout;', t.identity, c.name) AS undo
FROM columns c
JOIN tables t ON t.relid = c.relid AND t.kind = 'r' AND t.rows >= :min_rows
JOIN indexes i ON i.relid = c.relid AND i.is_unique AND i.is_valid AND i.predicate IS NULL AND NOT i.nulls_not_distinct
              AND c.attnum = ANY (i.keys)
CROSS JOIN LATERAL (SELECT 'not_null_' || c.relid || '_' || c.attnum AS name) k
WHERE NOT c.not_null AND c.null_frac = 0 AND c.type NOT IN (SELECT y.oid FROM pg_type y WHERE y.typnotnull)
  AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conrelid = c.relid AND x.conname = k.name)
ORDER BY c.relid, c.attnum, i.constraint_oid NULLS LAST, i.identity
