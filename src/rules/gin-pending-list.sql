-- A GIN index with a long list of entries that are not sorted in
--
-- category: index
-- severity: notice
-- inputs: tables, indexes
-- what: A GIN index whose pending list has grown long.
-- why: New entries go to the pending list first, and each scan of the index reads all of it.
-- detection: pgstatginindex() of the extension pgstattuple, which reads one page of the index: at least min_pages pages. Nothing is
--   known where the extension is not installed or you may not call it.
-- caution: Right after a load autovacuum is about to sort it in.
-- fix: gin_clean_pending_list(), which does what vacuum would; writes go on. There is nothing to take back. Where it happens again and again:
--   a smaller gin_pending_list_limit or fastupdate = off for this index, which make single writes dearer.
-- threshold: min_pages 1000 pages of the pending list
WITH inspector AS ( -- the function that is not there must not be named to the parser
    SELECT format('%I.%I', n.nspname, p.proname) AS name
    FROM pg_extension e JOIN pg_proc p ON p.pronamespace = e.extnamespace AND p.proname = 'pgstatginindex'
    JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = 'pgstattuple' AND has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(n.oid, 'USAGE')
), printed AS MATERIALIZED (
    SELECT i.indexrelid, query_to_xml(format('SELECT pending_pages AS pages, pending_tuples AS tuples FROM %s(%s)', f.name, i.indexrelid), true, true, '')::text AS text
    FROM indexes i JOIN tables t ON t.relid = i.relid CROSS JOIN inspector f
    WHERE i.am = 'gin' AND i.is_valid AND t.kind IN ('r', 'm') AND i.bytes > 0
), pending AS (
    SELECT p.indexrelid, substring(p.text FROM '<pages>(\d+)<')::float8 AS pages, substring(p.text FROM '<tuples>(\d+)<')::float8 AS tuples
    FROM printed p
)
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, p.pages AS weight,
       format('Each scan of index %s reads a pending list of %s', i.identity, pg_size_pretty((p.pages * b.size)::bigint)) AS title,
       format('%s of %s wait to be sorted in. gin_pending_list_limit is %s for this index. Scans of it since statistics were reset: %s.',
              advisor.counted(p.tuples, 'row'), t.identity,
              coalesce((SELECT pg_size_pretty(1024 * o.option_value::bigint) FROM pg_options_to_table(i.options) o WHERE o.option_name = 'gin_pending_list_limit'),
                       current_setting('gin_pending_list_limit')),
              to_char(i.scans, 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('pages', p.pages, 'rows', p.tuples, 'scans', i.scans) AS evidence,
       format('SELECT gin_clean_pending_list(%L);', i.identity) AS fix, '-- The entries are sorted in: there is nothing to take back.' AS undo
FROM pending p JOIN indexes i ON i.indexrelid = p.indexrelid JOIN tables t ON t.relid = i.relid,
     (SELECT current_setting('block_size')::float8 AS size) b
WHERE p.pages >= :min_pages
