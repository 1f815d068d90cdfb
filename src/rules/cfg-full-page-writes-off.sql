-- full_page_writes is off
--
-- category: settings
-- severity: critical
-- what: The server runs with full_page_writes = off.
-- why: A power failure can leave pages half written, which nothing repairs and checksums only detect: WAL has no whole pages to restore them from.
-- detection: The setting as it is now.
-- caution: A throw-away server that is made anew after a crash may run so. To be faster at the cost of the last
--   transactions only, there is synchronous_commit = off, which damages nothing.
-- fix: ALTER SYSTEM and a reload, without a restart, where the setting comes from a configuration file that the caller may see.
SELECT 'setting full_page_writes' AS object, 'full_page_writes is off' AS title,
       'A power failure can leave pages half written, which nothing repairs and checksums only detect: WAL has no whole pages to restore them from. synchronous_commit = off is the safe way to trade durability for speed.' AS detail,
       jsonb_build_object('setting', s.setting, 'source', s.source) AS evidence,
       CASE WHEN s.source = 'configuration file' AND s.sourcefile IS NOT NULL THEN
           E'ALTER SYSTEM SET full_page_writes = on;\nSELECT pg_reload_conf();' END AS fix,
       CASE WHEN s.source = 'configuration file' AND s.sourcefile IS NOT NULL THEN
           CASE WHEN s.sourcefile LIKE '%postgresql.auto.conf' THEN 'ALTER SYSTEM SET full_page_writes = off;' ELSE 'ALTER SYSTEM RESET full_page_writes;' END
           || E'\nSELECT pg_reload_conf();' END AS undo
FROM pg_settings s
WHERE s.name = 'full_page_writes' AND s.setting = 'off'
