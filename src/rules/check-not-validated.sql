-- A CHECK constraint that was never validated
--
-- category: schema
-- severity: warning
-- inputs: tables
-- what: A CHECK constraint that was added with NOT VALID, and not validated since.
-- why: Rows from before may break it, and the planner cannot rely on it.
-- detection: The catalog. Not while a VALIDATE CONSTRAINT of the table runs that the caller may see, and not where the
--   constraint is declared NOT ENFORCED.
-- caution: In the midst of a migration it is a step on the way. If old rows break it VALIDATE fails and changes nothing.
-- fix: VALIDATE CONSTRAINT reads the whole table; reads and writes go on. The undo drops the constraint and adds it
--   again with NOT VALID, in one step.
SELECT 'pg_constraint'::regclass AS classid, k.oid AS objid, 0 AS objsubid,
       format('CHECK constraint %I of %s is not validated', k.conname, t.identity) AS title,
       format('New rows are checked, those from before were not: %s, %s.', advisor.counted(greatest(t.rows, 0), 'row'),
              pg_size_pretty(t.bytes::bigint)) AS detail,
       jsonb_build_object('table', t.identity, 'rows', t.rows, 'bytes', t.bytes, 'definition', pg_get_constraintdef(k.oid)) AS evidence,
       t.bytes AS weight,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s VALIDATE CONSTRAINT %I;\nRESET lock_timeout;', t.identity, k.conname) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s;\nRESET lock_timeout;',
              t.identity, k.conname, k.conname, pg_get_constraintdef(k.oid)) AS undo
FROM tables t
JOIN pg_constraint k ON k.conrelid = t.relid AND k.contype = 'c' AND NOT k.convalidated AND k.conparentid = 0 AND k.coninhcount = 0
WHERE to_jsonb(k) ->> 'conenforced' IS DISTINCT FROM 'false'
  AND NOT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                  WHERE l.locktype = 'relation' AND l.relation = t.relid AND l.mode = 'ShareUpdateExclusiveLock'
                    AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                    AND a.query ~* 'validate\s+constraint')
