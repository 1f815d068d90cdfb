-- A foreign key between columns of different types
--
-- category: schema
-- severity: warning
-- inputs: tables, columns, fks
-- what: A referencing column whose type is not that of the column it refers to.
-- why: Every check and every join converts the value; where no index takes both types, an index on the referencing
--   column is of no use to the check that runs when a referenced row is deleted.
-- detection: Types below domains. Lengths are not compared; text beside varchar, and integers of different width, are no
--   mismatch here (fk-column-narrower-than-pk reports the dangerous one of these).
-- caution: Harmless while both tables are small and nobody joins them.
-- fix: No script: changing the type rewrites the table and its indexes under ACCESS EXCLUSIVE unless the types are
--   binary compatible, and what reads the column has to know of it.
WITH pairs AS MATERIALIZED (
    -- By itself: a join that cannot be but a nested loop makes the planner blind for what the other joins cost.
    SELECT f.relid, f.target, f.name, p.child, p.parent
    FROM fks f CROSS JOIN unnest(f.columns, f.target_columns) AS p (child, parent)
)
SELECT 'pg_class'::regclass AS classid, f.relid AS objid, f.child::int AS objsubid,
       format('%s.%I is %s but refers to a %s', t.identity, c.name, c.type_name, q.type_name) AS title,
       format('Foreign key %I refers to %s.%I. Give both columns the same type; the table has %s, %s.', f.name, r.identity, q.name,
              advisor.counted(greatest(t.rows, 0), 'row'), pg_size_pretty(t.bytes::bigint)) AS detail,
       jsonb_build_object('foreign_key', f.name, 'type', c.type_name, 'referenced_type', q.type_name,
                          'referenced_table', r.identity, 'rows', t.rows, 'bytes', t.bytes) AS evidence,
       t.bytes AS weight
FROM pairs f
JOIN tables t ON t.relid = f.relid
JOIN tables r ON r.relid = f.target
JOIN columns c ON c.relid = f.relid AND c.attnum = f.child
JOIN columns q ON q.relid = f.target AND q.attnum = f.parent
WHERE c.base <> q.base
  AND NOT (c.base IN ('text'::regtype, 'varchar'::regtype) AND q.base IN ('text'::regtype, 'varchar'::regtype))
  AND NOT (c.base IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AND q.base IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype))
