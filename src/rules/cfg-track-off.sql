-- The server does not count what happens
--
-- category: settings
-- severity: warning
-- what: track_counts or track_activities is off for the server.
-- why: Without track_counts autovacuum never learns that a table needs it: tables bloat, statistics age, and only
--   the vacuum against wraparound runs. Without track_activities nobody sees what a session is doing.
-- detection: The value that new sessions get, from a configuration file or the command line.
-- caution: A SET or ALTER DATABASE that switches them off is not seen.
-- fix: ALTER SYSTEM and a reload, where the setting comes from a configuration file that the caller may see.
SELECT 'setting ' || s.name AS object, CASE s.name WHEN 'track_counts' THEN 'warning' ELSE 'notice' END AS severity, s.name || ' is off' AS title,
       CASE s.name WHEN 'track_counts' THEN
           'Autovacuum works by these counts: without them it neither removes dead rows nor renews statistics, and reviews like this one are blind.'
       ELSE 'pg_stat_activity shows no statements, so that nobody can see what a blocked or long-running session does.' END AS detail,
       jsonb_build_object('setting', s.reset_val, 'source', s.source) AS evidence,
       CASE WHEN s.sourcefile IS NOT NULL THEN format(E'ALTER SYSTEM SET %I = on;\nSELECT pg_reload_conf();', s.name) END AS fix,
       CASE WHEN s.sourcefile IS NOT NULL THEN
           CASE WHEN s.sourcefile LIKE '%postgresql.auto.conf' THEN format('ALTER SYSTEM SET %I = off;', s.name) ELSE format('ALTER SYSTEM RESET %I;', s.name) END
           || E'\nSELECT pg_reload_conf();' END AS undo
FROM pg_settings s
WHERE s.name IN ('track_counts', 'track_activities') AND s.reset_val = 'off' AND s.source IN ('configuration file', 'command line')
