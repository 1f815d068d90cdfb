-- A SECURITY DEFINER function that follows the caller's search_path
--
-- category: security
-- severity: warning
-- what: A function with SECURITY DEFINER and no search_path of its own, which others than its owner may execute.
-- why: Its unqualified names are looked up where the caller says. A caller who puts a table, function or operator of the same
--   name in front runs code with the owner's rights; everybody can do so in pg_temp.
-- detection: The catalog. Critical where the owner is a superuser. Functions in C, those whose body was parsed when they were
--   made (BEGIN ATOMIC, RETURN), and members of extensions are left out.
-- caution: If the body qualifies every name and operator nothing can be put in front.
-- fix: No script: ALTER FUNCTION ... SET search_path = its_schemas, pg_temp. Which schemas the body needs is yours to say;
--   pg_temp comes last, or else it is searched first.
SELECT 'pg_proc'::regclass AS classid, p.oid AS objid, 0 AS objsubid,
       CASE WHEN o.rolsuper THEN 'critical' ELSE 'warning' END AS severity,
       format('Function %I.%I runs as %s with the search_path of whoever calls it', n.nspname, p.proname, quote_ident(o.rolname)) AS title,
       format('%s may execute it%s. ALTER %s %s SET search_path = the schemas its body needs, pg_temp.',
              CASE WHEN p.prorettype = 'trigger'::regtype THEN 'Whoever writes to its tables'
                   WHEN g.by_public THEN 'Every role' ELSE g.grantees || ' other roles' END,
              CASE WHEN o.rolsuper THEN ', and its owner is a superuser' ELSE '' END,
              CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
              format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))) AS detail,
       jsonb_build_object('owner', o.rolname, 'superuser', o.rolsuper, 'public', g.by_public, 'language', l.lanname) AS evidence
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
JOIN pg_roles o ON o.oid = p.proowner
JOIN pg_language l ON l.oid = p.prolang AND l.lanname NOT IN ('c', 'internal')
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE a.grantee <> p.proowner) AS grantees, coalesce(bool_or(a.grantee = 0), false) AS by_public
                    FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                    WHERE a.privilege_type = 'EXECUTE') g
WHERE p.prosecdef AND p.prosqlbody IS NULL AND p.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%')
  AND (g.grantees > 0 OR p.prorettype = 'trigger'::regtype)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
