-- Tables that inherit from one another
--
-- category: schema
-- severity: notice
-- inputs: tables
-- what: A table from which others inherit by INHERITS, not as partitions.
-- why: Primary keys, unique constraints and foreign keys do not span the children: the same key can be there twice, and no
--   foreign key can refer to all of them.
-- detection: The catalog.
-- caution: Set-ups from before declarative partitioning work on.
-- fix: No script: declarative partitioning where it was used for that, otherwise tables with a foreign key to a common one.
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       format('%s from %s', advisor.counted(count(*), 'table inherits', 'tables inherit'), t.identity) AS title,
       format('Its keys do not hold for them: %s.', array_to_string((array_agg(i.inhrelid::regclass::text ORDER BY i.inhrelid))[1:5], ', ')) AS detail,
       jsonb_build_object('children', count(*), 'rows', t.rows) AS evidence, t.bytes AS weight
FROM tables t JOIN pg_inherits i ON i.inhparent = t.relid
WHERE t.kind = 'r'
GROUP BY t.relid, t.identity, t.rows, t.bytes
