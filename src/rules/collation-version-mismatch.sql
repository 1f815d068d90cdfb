-- Indexes in an order that the system no longer has
--
-- category: schema
-- severity: critical
-- what: A collation, or the database's default one, whose rules came from another version of the library than the one
--   installed now, with indexes that are sorted by it.
-- why: If the order changed, searches in the old index miss rows that are there, and unique indexes let duplicates in.
-- detection: The version recorded in the catalog against that of the library. Hash indexes do not depend on order.
-- caution: Between two versions often no order changes that one's data has; only amcheck, or building the index anew, tells.
-- fix: Each index is built anew, CONCURRENTLY where that is possible, and then the new version is recorded. Nothing can or has to be undone.
--   CHECK constraints and bounds of partitions that compare by this collation have to be checked by hand.
WITH index_collations AS (
    SELECT i.indexrelid, u.collid
    FROM pg_index i CROSS JOIN LATERAL unnest(i.indcollation::oid[]) AS u (collid)
    WHERE u.collid <> 0 AND i.indexrelid >= 16384
    UNION
    SELECT d.objid, d.refobjid
    FROM pg_depend d JOIN pg_index i ON i.indexrelid = d.objid
    WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_collation'::regclass
), sorted AS (
    SELECT u.collid, i.indexrelid, i.indisexclusion, format('%I.%I', n.nspname, c.relname) AS identity, c.relpages
    FROM index_collations u
    JOIN pg_index i ON i.indexrelid = u.indexrelid
    JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i' AND c.relpersistence <> 't'
    JOIN pg_am m ON m.oid = c.relam AND m.amname <> 'hash'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^pg_toast'
), versions AS (
    SELECT 'pg_collation'::regclass AS classid, l.oid AS objid, l.oid AS collid, format('Collation %I.%I', n.nspname, l.collname) AS title,
           l.collversion AS recorded, pg_collation_actual_version(l.oid) AS actual,
           format('ALTER COLLATION %I.%I REFRESH VERSION;', n.nspname, l.collname) AS refresh
    FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace
    WHERE l.collversion IS NOT NULL AND l.oid IN (SELECT s.collid FROM sorted s)
    UNION ALL
    SELECT 'pg_database'::regclass, d.oid, 'pg_catalog."default"'::regcollation, format('Database %I', d.datname),
           d.datcollversion, pg_database_collation_actual_version(d.oid), format('ALTER DATABASE %I REFRESH COLLATION VERSION;', d.datname)
    FROM pg_database d WHERE d.datname = current_database() AND d.datcollversion IS NOT NULL
)
SELECT v.classid, v.objid, 0 AS objsubid,
       format('%s has another order than when %s sorted', v.title, advisor.counted(count(*), 'index was', 'indexes were')) AS title,
       format('Version %s is recorded, %s is installed. The indexes take %s; the largest: %s.', v.recorded, v.actual,
              pg_size_pretty((sum(s.relpages::float8) * current_setting('block_size')::float8)::bigint),
              (array_agg(s.identity ORDER BY s.relpages DESC, s.identity))[1]) AS detail,
       jsonb_build_object('recorded', v.recorded, 'actual', v.actual, 'indexes', count(*)) AS evidence, sum(s.relpages) AS weight,
       CASE WHEN count(*) <= 1000 THEN
           string_agg(format(CASE WHEN s.indisexclusion THEN 'REINDEX INDEX %s;' ELSE 'REINDEX INDEX CONCURRENTLY %s;' END, s.identity), E'\n' ORDER BY s.identity)
           || E'\n' || v.refresh END AS fix,
       CASE WHEN count(*) <= 1000 THEN '-- Nothing to undo: the old order is not there any more.' END AS undo
FROM versions v JOIN sorted s ON s.collid = v.collid
WHERE v.recorded <> v.actual
GROUP BY v.classid, v.objid, v.title, v.recorded, v.actual, v.refresh
