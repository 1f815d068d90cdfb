-- An extension is older than its files
--
-- category: maintenance
-- severity: notice
-- what: An extension whose installed version is not the default version of the files on the server.
-- why: After an upgrade of the packages the new library runs with the old SQL definitions: fixes in these are missing.
-- detection: pg_extension against the control files, where the files have an update path from the one to the other.
-- caution: A version may be kept on purpose.
-- fix: ALTER EXTENSION ... UPDATE, which runs the extension's update scripts. There is no way back.
SELECT 'pg_extension'::regclass AS classid, e.oid AS objid, 0 AS objsubid,
       format('Extension %I is at version %s, its files are at %s', e.extname, e.extversion, a.default_version) AS title,
       format('The server has the files of version %s and a way to update from %s. Read the release notes of the extension first.', a.default_version, e.extversion) AS detail,
       jsonb_build_object('installed', e.extversion, 'available', a.default_version) AS evidence,
       format('ALTER EXTENSION %I UPDATE;', e.extname) AS fix,
       format('-- An extension cannot be taken back to version %s.', e.extversion) AS undo
FROM pg_extension e
JOIN pg_available_extensions a ON a.name = e.extname
WHERE e.extversion <> a.default_version
  AND EXISTS (SELECT FROM pg_extension_update_paths(e.extname) p
              WHERE p.source = e.extversion AND p.target = a.default_version AND p.path IS NOT NULL)
