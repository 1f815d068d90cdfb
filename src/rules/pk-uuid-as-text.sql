-- UUIDs kept as text
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes, fks, samples
-- what: A key of type text or char whose values are UUIDs.
-- why: 37 bytes instead of 16, in the table and in each index on it and on the columns that refer to it; comparisons go by
--   the collation, and upper and lower case make two keys of one UUID.
-- detection: All of the values that ANALYZE sampled, at least 10, are UUIDs. The column is the primary key, or a foreign key.
-- caution: Where others give the identifiers and their spelling matters, text is right.
-- fix: No script: the key and all that refer to it have to change together, each a rewrite; the application has to send
--   uuid. On large tables: uuid columns beside them, filled in batches, then swapped.
-- threshold: warning_rows 10000000 rows from which it is a warning
SELECT 'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       CASE WHEN t.rows >= :warning_rows THEN 'warning' ELSE 'notice' END AS severity,
       format('%s.%I holds UUIDs as %s', t.identity, c.name, c.type_name) AS title,
       format('All of %s sampled values are UUIDs. As uuid each takes 16 bytes instead of 37, in %s and in each index. Foreign keys that refer to it: %s.',
              cardinality(s.sample), advisor.counted(t.rows, 'row'),
              (SELECT count(*) FROM fks f WHERE f.target = c.relid AND f.target_columns = ARRAY[c.attnum])) AS detail,
       jsonb_build_object('type', c.type_name, 'sampled', cardinality(s.sample), 'rows', t.rows, 'bytes', t.bytes,
                          'index_bytes', t.index_bytes) AS evidence,
       t.bytes AS weight
FROM columns c
JOIN tables t ON t.relid = c.relid
JOIN samples s ON s.relid = c.relid AND s.attnum = c.attnum
WHERE c.base IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) AND cardinality(s.sample) >= 10
  AND (EXISTS (SELECT FROM indexes i WHERE i.relid = c.relid AND i.is_primary AND i.keys::int2[] = ARRAY[c.attnum])
       OR EXISTS (SELECT FROM fks f WHERE f.relid = c.relid AND f.columns = ARRAY[c.attnum]))
  AND NOT EXISTS (SELECT FROM unnest(s.sample) v
                  WHERE v !~* '^\s*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\s*$')
