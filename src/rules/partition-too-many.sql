-- A table of very many partitions
--
-- category: structure
-- severity: notice
-- inputs: tables
-- what: A partitioned table with more leaf partitions than max_parts.
-- why: A query that is not pruned when it is planned opens, locks and plans every partition: planning time, memory and
--   locks grow with their number, and so does the time of every DDL and of each session's first look at the table.
-- detection: Leaf partitions are counted over all levels.
-- caution: Where every statement is pruned at plan time, thousands of partitions can be lived with.
-- fix: No script: wider ranges for new partitions, and dropping or merging old ones, are yours to decide.
-- threshold: max_parts 1000 leaf partitions that are not reported yet
SELECT 'pg_class'::regclass AS classid, relid AS objid, 0 AS objsubid, parts AS weight,
       format('Table %s has %s', identity, advisor.counted(parts, 'partition')) AS title,
       format('%s leaf partitions with %s in all, %s each on average. A statement that names no value of the partition key locks and plans '
              'all of them. Make new partitions wider, and drop or merge old ones.',
              to_char(parts, 'FM999,999,999,999,990'), pg_size_pretty(bytes::bigint), pg_size_pretty((bytes / parts)::bigint)) AS detail,
       jsonb_build_object('parts', parts, 'bytes', bytes) AS evidence
FROM tables
WHERE kind = 'p' AND parts > :max_parts
