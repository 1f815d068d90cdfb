-- Several permissive policies for the same rows
--
-- category: security
-- severity: warning
-- inputs: tables
-- what: A table with row security on which more than one permissive policy applies to one role and one command.
-- why: Permissive policies are joined by OR: each is evaluated for each row until one holds, an index on one of the conditions
--   seldom serves, and whoever reads one policy does not see what the other lets through.
-- detection: The catalog: policies for ALL count for each command, those for PUBLIC for each role that a policy names. A
--   notice for tables of fewer than warning_rows rows.
-- caution: Where each says a rule of its own, on a small table, two are easier to read than one.
-- fix: No script: one policy with both conditions joined by OR lets the same rows through; whether both are wanted is
--   yours to say. Roles that bypass row security are not counted.
-- threshold: warning_rows 1000 rows from which it is a warning
WITH policies AS (
    SELECT p.polrelid AS relid, p.polname, p.polroles, m.command
    FROM pg_policy p
    CROSS JOIN LATERAL unnest(CASE p.polcmd WHEN '*' THEN '{SELECT,INSERT,UPDATE,DELETE}'::text[]
                                            WHEN 'r' THEN '{SELECT}' WHEN 'a' THEN '{INSERT}'
                                            WHEN 'w' THEN '{UPDATE}' ELSE '{DELETE}' END) AS m (command)
    WHERE p.polpermissive
), roles AS (
    SELECT DISTINCT p.relid, r.role FROM policies p, unnest(p.polroles) AS r (role)
    WHERE r.role = 0 OR NOT EXISTS (SELECT FROM pg_roles b WHERE b.oid = r.role AND (b.rolbypassrls OR b.rolsuper))
), several AS (
    SELECT r.relid, r.role, p.command, string_agg(quote_ident(p.polname), ', ' ORDER BY p.polname) AS names
    FROM roles r JOIN policies p ON p.relid = r.relid AND p.polroles && ARRAY[0::oid, r.role]
    GROUP BY r.relid, r.role, p.command
    HAVING count(*) > 1
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       CASE WHEN t.rows >= :warning_rows THEN 'warning' ELSE 'notice' END AS severity,
       format('Table %s has several permissive policies for the same command', t.identity) AS title,
       string_agg(format('%s by %s: %s', s.command, CASE WHEN s.role = 0 THEN 'PUBLIC' ELSE s.role::regrole::text END, s.names), '; '
                  ORDER BY s.command, s.role) || format('. The table has %s.', advisor.counted(greatest(t.rows, 0), 'row')) AS detail,
       jsonb_build_object('rows', t.rows, 'cases', jsonb_agg(jsonb_build_object('command', s.command, 'policies', s.names)
                                                             ORDER BY s.command, s.role)) AS evidence,
       t.bytes AS weight
FROM several s
JOIN tables t ON t.relid = s.relid
JOIN pg_class c ON c.oid = t.relid AND c.relrowsecurity
GROUP BY t.relid, t.identity, t.rows, t.bytes
