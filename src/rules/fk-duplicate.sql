-- Two foreign keys say the same
--
-- category: schema
-- severity: warning
-- inputs: tables, fks
-- what: A foreign key with the same pairs of columns as an older one.
-- why: Every insert, update and delete is checked twice. Where the two differ in what a delete does, the outcome is not
--   what either of them says.
-- detection: The sets of column pairs are compared, in whatever order; critical where ON DELETE or ON UPDATE differ.
-- caution: None is known; two keys that differ are never dropped by the script.
-- fix: The one that was not validated goes, else the newer one. ACCESS EXCLUSIVE on both tables for a moment. The undo
--   adds it again and validates it; then writes to both tables wait only for the first step.
WITH pairs AS (
    SELECT f.*, (SELECT array_agg(p.child || '>' || p.parent ORDER BY p.child, p.parent)
                 FROM unnest(f.columns, f.target_columns) AS p (child, parent)) AS pairs
    FROM fks f
), ranked AS (
    SELECT p.*, first_value(p.conoid) OVER same AS kept_oid
    FROM pairs p
    WINDOW same AS (PARTITION BY p.relid, p.target, p.pairs ORDER BY p.validated DESC, p.conoid)
), doubles AS (
    SELECT d.*, k.name AS kept, k.definition AS kept_definition,
           d.on_delete <> k.on_delete OR d.on_update <> k.on_update AS conflict
    FROM ranked d
    JOIN fks k ON k.conoid = d.kept_oid
    WHERE d.kept_oid <> d.conoid
), judged AS (
    SELECT d.*, t.identity, t.kind, t.bytes, t.rows,
           regexp_replace(d.definition, '(FOREIGN KEY \().*?(\) REFERENCES .*)\(.*?\)| NOT VALID$', '\1\2')
           = regexp_replace(d.kept_definition, '(FOREIGN KEY \().*?(\) REFERENCES .*)\(.*?\)| NOT VALID$', '\1\2') AS same
    FROM doubles d JOIN tables t ON t.relid = d.relid
)
SELECT 'pg_constraint'::regclass AS classid, j.conoid AS objid, 0 AS objsubid,
       CASE WHEN j.conflict THEN 'critical' ELSE 'warning' END AS severity,
       CASE WHEN j.conflict THEN format('Foreign keys %I and %I of %s contradict each other', j.name, j.kept, j.identity)
            ELSE format('Foreign key %I of %s repeats %I', j.name, j.identity, j.kept) END AS title,
       format('%I is %s; %I is %s.', j.name, j.definition, j.kept, j.kept_definition)
       || CASE WHEN j.conflict THEN ' Decide which holds and drop the other one.'
               WHEN NOT j.same THEN ' They differ: decide which holds and drop the other one.'
               ELSE ' One of them is enough.' END AS detail,
       jsonb_build_object('table', j.identity, 'kept', j.kept, 'definition', j.definition, 'kept_definition', j.kept_definition,
                          'rows', j.rows) AS evidence,
       j.bytes AS weight,
       CASE WHEN j.same AND NOT j.conflict THEN
           format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s DROP CONSTRAINT %I;\nRESET lock_timeout;', j.identity, j.name) END AS fix,
       CASE WHEN j.same AND NOT j.conflict THEN
           format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s ADD CONSTRAINT %I %s%s;\n%sRESET lock_timeout;', j.identity, j.name, j.definition,
                  CASE WHEN j.validated AND j.kind = 'r' THEN ' NOT VALID' ELSE '' END,
                  CASE WHEN j.validated AND j.kind = 'r' THEN format(E'ALTER TABLE %s VALIDATE CONSTRAINT %I;\n', j.identity, j.name) ELSE '' END) END AS undo
FROM judged j
