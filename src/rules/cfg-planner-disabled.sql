-- A kind of plan is switched off for good
--
-- category: settings
-- severity: warning
-- what: A setting enable_... that is on by default and off for the server, this database or a role.
-- why: It was switched off for one query once and now holds for all: the planner takes plans that it finds dearer.
-- detection: What ALTER SYSTEM, configuration files, ALTER DATABASE and ALTER ROLE say. A SET in a session is not seen.
-- caution: Some run so on purpose, after measuring. Then advisor.ignore says why.
-- fix: Takes the setting back for this database and for roles; new sessions have it. What stands in a
--   configuration file is for you to change.
WITH stored AS (
    SELECT d.setdatabase, d.setrole, split_part(c.line, '=', 1) AS name, split_part(c.line, '=', 2) AS value,
           CASE WHEN d.setrole = 0 THEN format('ALTER DATABASE %I', current_database())
                WHEN d.setdatabase = 0 THEN format('ALTER ROLE %I', r.rolname)
                ELSE format('ALTER ROLE %I IN DATABASE %I', r.rolname, current_database()) END AS alter,
           CASE WHEN d.setrole = 0 THEN 'this database' ELSE format('role %I', r.rolname) END AS place
    FROM pg_db_role_setting d CROSS JOIN LATERAL unnest(d.setconfig) AS c (line)
    LEFT JOIN pg_roles r ON r.oid = d.setrole
    WHERE d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND (d.setrole = 0 OR r.oid IS NOT NULL) AND (d.setdatabase <> 0 OR d.setrole <> 0)
), off AS (
    SELECT s.name, string_agg(o.place, ', ' ORDER BY o.place) AS places,
           string_agg(format('%s RESET %I;', o.alter, s.name), E'\n' ORDER BY o.alter) AS fix,
           string_agg(format('%s SET %I = off;', o.alter, s.name), E'\n' ORDER BY o.alter) AS undo
    FROM pg_settings s JOIN stored o ON o.name = s.name AND o.value IN ('off', 'false', 'no', '0')
    WHERE s.name LIKE 'enable\_%' AND s.vartype = 'bool' AND s.boot_val = 'on' AND s.category LIKE 'Query Tuning%'
    GROUP BY s.name
    UNION ALL
    SELECT s.name, 'the server', NULL, NULL
    FROM pg_settings s
    WHERE s.name LIKE 'enable\_%' AND s.vartype = 'bool' AND s.boot_val = 'on' AND s.category LIKE 'Query Tuning%'
      AND s.reset_val = 'off' AND s.source IN ('configuration file', 'command line', 'environment variable')
)
SELECT 'setting ' || name AS object, format('%s is off for %s', name, string_agg(places, ' and ' ORDER BY places)) AS title,
       format('It is on by default. The planner avoids that kind of plan wherever it can, also where it is the cheapest by far. '
              'Off for: %s.', string_agg(places, ' and ' ORDER BY places))
       || CASE WHEN bool_or(fix IS NULL) THEN ' For the server it is set in a configuration file or on the command line; take it out there.' ELSE '' END AS detail,
       jsonb_build_object('off_for', string_agg(places, ', ' ORDER BY places)) AS evidence,
       CASE WHEN bool_and(fix IS NOT NULL) THEN string_agg(fix, E'\n') END AS fix,
       CASE WHEN bool_and(fix IS NOT NULL) THEN string_agg(undo, E'\n') END AS undo
FROM off
GROUP BY name
