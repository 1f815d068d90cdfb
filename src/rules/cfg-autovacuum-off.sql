-- autovacuum is off
--
-- category: settings
-- severity: critical
-- what: The server runs with autovacuum = off.
-- why: Dead rows stay, tables and indexes grow with every update, statistics grow stale and plans bad. In the end the server
--   freezes old rows all at once, at a time of its own choosing, to keep from transaction id wraparound.
-- detection: The setting as it is now, whatever set it.
-- caution: Where a job vacuums and analyses every table, or for the time of a bulk load.
-- fix: ALTER SYSTEM and a reload, without a restart, where the setting comes from a configuration file that the
--   caller may see. The workers then catch up, which is work for the disk.
SELECT 'setting autovacuum' AS object, 'autovacuum is off' AS title,
       'No table is vacuumed or analysed unless somebody does it. To spare single tables for a while there is the storage option autovacuum_enabled.' AS detail,
       jsonb_build_object('setting', s.setting, 'source', s.source) AS evidence,
       CASE WHEN s.sourcefile IS NOT NULL THEN E'ALTER SYSTEM SET autovacuum = on;\nSELECT pg_reload_conf();' END AS fix,
       CASE WHEN s.sourcefile IS NOT NULL THEN
           CASE WHEN s.sourcefile LIKE '%postgresql.auto.conf' THEN 'ALTER SYSTEM SET autovacuum = off;' ELSE 'ALTER SYSTEM RESET autovacuum;' END
           || E'\nSELECT pg_reload_conf();' END AS undo
FROM pg_settings s
WHERE s.name = 'autovacuum' AND s.setting = 'off'
