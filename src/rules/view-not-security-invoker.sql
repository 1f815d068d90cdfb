-- A view that row security does not reach through
--
-- category: security
-- severity: warning
-- inputs: tables
-- what: A view on a table with row security, which other roles may read, and whose owner is not subject to the policies.
-- why: The table is read with the rights of the view's owner: whoever may read the view reads all rows, whatever the
--   policies say of him.
-- detection: The catalog: the view names the table itself, has no security_invoker, and its owner owns the table (without
--   FORCE ROW LEVEL SECURITY), is a superuser or has BYPASSRLS.
-- caution: A view that shows a chosen part of the rows to everybody is made so on purpose; say security_barrier then.
-- fix: security_invoker: the catalog only. Callers then need SELECT on the tables below, and see what the policies allow
--   them. The undo sets it back.
WITH below AS (
    SELECT v.oid, format('%I.%I', n.nspname, v.relname) AS identity, v.relowner, v.reloptions,
           string_agg(DISTINCT t.identity, ', ') AS names, jsonb_agg(DISTINCT t.identity) AS tables
    FROM pg_class v
    JOIN pg_namespace n ON n.oid = v.relnamespace AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    JOIN pg_roles o ON o.oid = v.relowner
    JOIN pg_rewrite r ON r.ev_class = v.oid
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    JOIN tables t ON t.relid = d.refobjid
    JOIN pg_class c ON c.oid = t.relid AND c.relrowsecurity
    WHERE v.relkind = 'v' AND (o.rolsuper OR o.rolbypassrls OR (c.relowner = v.relowner AND NOT c.relforcerowsecurity))
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = v.oid AND e.deptype = 'e')
      AND EXISTS (SELECT FROM aclexplode(v.relacl) a WHERE a.grantee <> v.relowner AND a.privilege_type = 'SELECT')
    GROUP BY v.oid, n.nspname, v.relname, v.relowner, v.reloptions
), options AS (
    SELECT b.*, (SELECT o.option_value FROM pg_options_to_table(b.reloptions) o WHERE o.option_name = 'security_invoker') AS invoker
    FROM below b
)
SELECT 'pg_class'::regclass AS classid, v.oid AS objid, 0 AS objsubid,
       format('View %s shows all rows of %s, which has row security', v.identity, v.names) AS title,
       format('It reads with the rights of %s, whom the policies do not bind; other roles may read the view.', v.relowner::regrole) AS detail,
       jsonb_build_object('tables', v.tables, 'owner', v.relowner::regrole::text) AS evidence,
       format(E'SET lock_timeout = ''2s'';\nALTER VIEW %s SET (security_invoker = true);\nRESET lock_timeout;', v.identity) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER VIEW %s %s;\nRESET lock_timeout;', v.identity,
              CASE WHEN v.invoker IS NULL THEN 'RESET (security_invoker)' ELSE format('SET (security_invoker = %s)', v.invoker) END) AS undo
FROM options v
WHERE NOT coalesce(v.invoker::boolean, false)
