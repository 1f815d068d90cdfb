-- A materialised view that was never filled
--
-- category: structure
-- severity: warning
-- inputs: tables
-- what: A materialised view WITH NO DATA: created so, restored so, or emptied by REFRESH ... WITH NO DATA.
-- why: Every query of it is an error until it is refreshed.
-- detection: pg_class.relispopulated is false.
-- caution: A job that fills it may be about to run.
-- fix: REFRESH MATERIALIZED VIEW, which runs its query; how long that takes is not known here. The undo empties it again.
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       format('Materialised view %s has not been populated', t.identity) AS title,
       'Whoever reads it gets an error. Refresh it, or drop it if nobody does.' AS detail,
       jsonb_build_object('populated', false) AS evidence,
       format('REFRESH MATERIALIZED VIEW %s;', t.identity) AS fix,
       format('REFRESH MATERIALIZED VIEW %s WITH NO DATA;', t.identity) AS undo
FROM tables t JOIN pg_class c ON c.oid = t.relid
WHERE t.kind = 'm' AND NOT c.relispopulated
