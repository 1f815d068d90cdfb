-- Partitioned index that some partitions lack
--
-- category: index
-- severity: notice
-- inputs: tables, indexes
-- what: An index of a partitioned table that is invalid, because it was created ON ONLY the parent and not every
--   partition has its part attached.
-- why: New partitions get it, old ones do not; a unique one guarantees nothing for the table, and nothing can refer to it.
-- detection: pg_index.indisvalid is false and no lock that an index build holds is held on the parent or a partition.
-- caution: A build in several steps may be under way, between two of them.
-- fix: CREATE INDEX CONCURRENTLY on each partition without it, then ALTER INDEX ... ATTACH PARTITION: the index of the partition is
--   locked for a moment. Not where partitions have partitions or an attached part is invalid itself. Parts
--   cannot be detached again: the undo drops the whole index and builds what there was.
WITH incomplete AS (
    SELECT i.indexrelid, i.relid, i.identity, i.name, i.is_unique, t.identity AS table_identity, t.bytes,
           pg_get_indexdef(i.indexrelid) AS definition
    FROM indexes i JOIN tables t ON t.relid = i.relid
    WHERE t.kind = 'p' AND NOT i.is_valid AND i.constraint_oid IS NULL
      AND NOT EXISTS (SELECT FROM pg_locks l
                      WHERE l.locktype = 'relation' AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                        AND (l.relation = i.relid OR l.relation IN (SELECT h.inhrelid FROM pg_inherits h WHERE h.inhparent = i.relid))
                        AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                                       'AccessExclusiveLock'))
), partitions AS (
    SELECT n.indexrelid, c.relname, s.nspname, c.relkind, x.indisvalid AS part_valid,
           format('%I.%I', s.nspname, c.relname) AS identity,
           left(c.relname, 28) || '_' || left(n.name, 28) AS part_name
    FROM incomplete n
    JOIN pg_inherits h ON h.inhparent = n.relid
    JOIN pg_class c ON c.oid = h.inhrelid AND c.relkind <> 'f'
    JOIN pg_namespace s ON s.oid = c.relnamespace
    LEFT JOIN (pg_inherits hi JOIN pg_index x ON x.indexrelid = hi.inhrelid)
           ON hi.inhparent = n.indexrelid AND x.indrelid = c.oid
), sums AS (
    SELECT p.indexrelid, count(*) AS parts, count(*) FILTER (WHERE p.part_valid IS NULL) AS missing,
           bool_and(p.relkind = 'r' AND p.part_valid IS DISTINCT FROM false
                    AND (p.part_valid IS NOT NULL
                         OR NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
                                        WHERE c.relname = p.part_name AND s.nspname = p.nspname))) AS simple,
           string_agg(p.identity, ', ' ORDER BY p.identity) FILTER (WHERE p.part_valid IS NULL) AS names,
           string_agg(format(E'CREATE %sINDEX CONCURRENTLY %I ON %s %s;\nALTER INDEX %s ATTACH PARTITION %I.%I;',
                             CASE WHEN n.is_unique THEN 'UNIQUE ' ELSE '' END, p.part_name, p.identity,
                             substr(n.definition, strpos(n.definition, format(' ON ONLY %s USING ', n.table_identity))
                                                  + length(format(' ON ONLY %s ', n.table_identity))),
                             n.identity, p.nspname, p.part_name), E'\n' ORDER BY p.identity)
               FILTER (WHERE p.part_valid IS NULL) AS script
    FROM partitions p JOIN incomplete n ON n.indexrelid = p.indexrelid
    GROUP BY p.indexrelid
)
SELECT 'pg_class'::regclass AS classid, n.indexrelid AS objid, 0 AS objsubid, n.bytes AS weight,
       format('Index %s is missing on %s of %s', n.identity, s.missing, advisor.counted(s.parts, 'partition')) AS title,
       format('The index of the partitioned table %s is invalid. Without it: %s.', n.table_identity, coalesce(s.names, 'none, but a part of it is invalid or lacks parts of its own'))
       || CASE WHEN n.is_unique THEN ' Until it is complete it guarantees no uniqueness in those.' ELSE '' END
       || CASE WHEN s.simple THEN '' ELSE ' Build the index on each partition without it, make invalid parts anew, and attach them from the bottom up.' END AS detail,
       jsonb_build_object('partitions', s.parts, 'missing', s.missing, 'unique', n.is_unique) AS evidence,
       CASE WHEN s.simple AND s.missing > 0 THEN s.script END AS fix,
       CASE WHEN s.simple AND s.missing > 0 THEN
           advisor.drop_index_script(n.indexrelid) || E'\n' || advisor.create_index_script(n.indexrelid) END AS undo
FROM incomplete n JOIN sums s ON s.indexrelid = n.indexrelid
