-- fsync is off
--
-- category: settings
-- severity: critical
-- what: The server runs with fsync = off.
-- why: A power failure or a crash of the operating system can leave the whole cluster damaged beyond repair: data of committed transactions need never reach the disk.
-- detection: The setting as it is now.
-- caution: A throw-away server that is made anew after a crash may run so. To be faster at the cost of the last
--   transactions only, there is synchronous_commit = off, which damages nothing.
-- fix: ALTER SYSTEM and a reload, without a restart, where the setting comes from a configuration file that the caller may see.
SELECT 'setting fsync' AS object, 'fsync is off' AS title,
       'A power failure or a crash of the operating system can leave the whole cluster damaged beyond repair: data of committed transactions need never reach the disk. synchronous_commit = off is the safe way to trade durability for speed.' AS detail,
       jsonb_build_object('setting', s.setting, 'source', s.source) AS evidence,
       CASE WHEN s.source = 'configuration file' AND s.sourcefile IS NOT NULL THEN
           E'ALTER SYSTEM SET fsync = on;\nSELECT pg_reload_conf();' END AS fix,
       CASE WHEN s.source = 'configuration file' AND s.sourcefile IS NOT NULL THEN
           CASE WHEN s.sourcefile LIKE '%postgresql.auto.conf' THEN 'ALTER SYSTEM SET fsync = off;' ELSE 'ALTER SYSTEM RESET fsync;' END
           || E'\nSELECT pg_reload_conf();' END AS undo
FROM pg_settings s
WHERE s.name = 'fsync' AND s.setting = 'off'
