-- Policies that nothing applies
--
-- category: security
-- severity: warning
-- inputs: tables
-- what: A table that has row security policies while row security is off.
-- why: The policies look as if they protected its rows; everybody who may read the table reads all of them.
-- detection: The catalog.
-- caution: Policies that are prepared before they are switched on.
-- fix: ENABLE ROW LEVEL SECURITY: ACCESS EXCLUSIVE for a moment. From then on every role but the owner sees only what a
--   policy allows it, none of the rows where no policy is for it: read the policies first. The undo switches it off.
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       format('Table %s has %s, and row security is off', t.identity, advisor.counted(count(*), 'policy', 'policies')) AS title,
       format('Not applied: %s.', string_agg(quote_ident(p.polname), ', ' ORDER BY p.polname)) AS detail,
       jsonb_build_object('policies', jsonb_agg(p.polname ORDER BY p.polname), 'rows', t.rows) AS evidence, t.bytes AS weight,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s ENABLE ROW LEVEL SECURITY;\nRESET lock_timeout;', t.identity) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s DISABLE ROW LEVEL SECURITY;\nRESET lock_timeout;', t.identity) AS undo
FROM tables t
JOIN pg_class c ON c.oid = t.relid AND NOT c.relrowsecurity
JOIN pg_policy p ON p.polrelid = t.relid
GROUP BY t.relid, t.identity, t.rows, t.bytes
