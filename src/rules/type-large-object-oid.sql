-- References to large objects that nothing cleans up
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, samples
-- what: A column of type oid that holds the numbers of large objects, on a table without a trigger that removes them.
-- why: When a row goes its large object stays, takes room and cannot be found again; nothing checks that it exists.
-- detection: Every value that ANALYZE sampled is the number of a large object of this database, and the table has no
--   trigger that runs on DELETE.
-- caution: The application, or a job with vacuumlo, may do the cleaning.
-- fix: No script: bytea holds up to 1 GB in the row itself; otherwise the extension lo has a trigger that removes objects
--   with their rows. vacuumlo finds those that are left.
SELECT 'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I refers to large objects that nothing removes', t.identity, c.name) AS title,
       format('All %s sampled values are large objects, and no trigger of the table runs on DELETE; %s deleted since statistics were reset.',
              cardinality(s.sample), advisor.counted(t.deletes, 'row was', 'rows were')) AS detail,
       jsonb_build_object('sampled', cardinality(s.sample), 'rows', t.rows, 'deletes', t.deletes) AS evidence, t.rows AS weight
FROM columns c
JOIN tables t ON t.relid = c.relid
JOIN samples s ON s.relid = c.relid AND s.attnum = c.attnum
WHERE c.base = 'oid'::regtype AND cardinality(s.sample) >= 10
  AND NOT EXISTS (SELECT FROM unnest(s.sample) v
                  WHERE v <> '0' AND NOT EXISTS (SELECT FROM pg_largeobject_metadata m WHERE m.oid::text = v))
  AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.relid AND NOT g.tgisinternal AND g.tgtype::int & 8 <> 0)
