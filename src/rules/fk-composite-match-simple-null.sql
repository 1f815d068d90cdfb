-- A foreign key over several columns that NULL switches off
--
-- category: schema
-- severity: warning
-- inputs: tables, columns, fks
-- what: A foreign key over several columns, MATCH SIMPLE, some of which can be NULL.
-- why: If one of them is NULL nothing is checked: the others may name what does not exist.
-- detection: A warning where two or more columns can be NULL, which leaves half a reference possible. A notice where
--   one can, if no other foreign key checks the columns that are always set. Not where a CHECK names all that can be NULL.
-- caution: One nullable column that says "no reference" is a common design; only the unchecked rest is reported then.
-- fix: Two or more nullable columns and no other: a CHECK that all or none are set, added NOT VALID and validated without
--   stopping writes; if rows break it VALIDATE fails. Otherwise there is no script.
WITH parts AS (
    SELECT f.conoid, f.name, f.relid, f.definition,
           array_agg(c.name ORDER BY p.place) FILTER (WHERE NOT c.not_null) AS nullable,
           array_agg(c.attnum ORDER BY p.place) FILTER (WHERE NOT c.not_null) AS nullable_nums,
           array_agg(c.name ORDER BY p.place) FILTER (WHERE c.not_null) AS always,
           array_agg(c.attnum ORDER BY p.place) FILTER (WHERE c.not_null) AS always_nums
    FROM fks f
    CROSS JOIN unnest(f.columns) WITH ORDINALITY AS p (attnum, place)
    JOIN columns c ON c.relid = f.relid AND c.attnum = p.attnum
    WHERE f.match = 's' AND cardinality(f.columns) > 1
    GROUP BY f.conoid, f.name, f.relid, f.definition
), open AS (
    SELECT p.*, left(p.name, 50) || '_all_or_none' AS check_name
    FROM parts p
    WHERE p.nullable IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = p.relid AND k.contype = 'c' AND k.conkey @> p.nullable_nums)
      AND (cardinality(p.nullable) > 1
           OR NOT EXISTS (SELECT FROM fks o WHERE o.relid = p.relid AND o.conoid <> p.conoid AND o.columns <@ p.always_nums))
)
SELECT 'pg_constraint'::regclass AS classid, o.conoid AS objid, 0 AS objsubid,
       CASE WHEN cardinality(o.nullable) > 1 THEN 'warning' ELSE 'notice' END AS severity,
       format('Foreign key %I of %s is not checked where a column is NULL', o.name, t.identity) AS title,
       format('%s can be NULL; the reference is then not checked at all (%s).',
              (SELECT string_agg(quote_ident(n), ', ') FROM unnest(o.nullable) n), o.definition)
       || CASE WHEN o.always IS NULL THEN ''
               ELSE format(' %s may then hold anything. Set NOT NULL where a reference is always there, or add a foreign key for %1$s alone.',
                           (SELECT string_agg(quote_ident(n), ', ') FROM unnest(o.always) n)) END AS detail,
       jsonb_build_object('table', t.identity, 'nullable', o.nullable, 'definition', o.definition, 'rows', t.rows) AS evidence,
       t.bytes AS weight, s.fix, s.undo
FROM open o
JOIN tables t ON t.relid = o.relid
LEFT JOIN LATERAL (
    SELECT format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s ADD CONSTRAINT %I CHECK (num_nulls(%s) IN (0, %s)) NOT VALID;\nALTER TABLE %s VALIDATE CONSTRAINT %I;\nRESET lock_timeout;',
                  t.identity, o.check_name, (SELECT string_agg(quote_ident(n), ', ') FROM unnest(o.nullable) n),
                  cardinality(o.nullable), t.identity, o.check_name) AS fix,
           format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s DROP CONSTRAINT %I;\nRESET lock_timeout;', t.identity, o.check_name) AS undo
    WHERE o.always IS NULL
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = o.relid AND k.conname = o.check_name)
) s ON true
