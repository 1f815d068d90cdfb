-- Old rows of a partitioned table are deleted instead of dropped with their partition
--
-- category: structure
-- severity: warning
-- inputs: tables, columns, statements, column_usage
-- what: A recorded DELETE on a table partitioned by range whose only condition is an upper bound on the partition key.
-- why: It reads and writes every row and every index entry and leaves the space to VACUUM; dropping the partition is
--   the removal of a file.
-- detection: The key is one column; the DELETE compares only that column, by < or <= with a value, a parameter or a clock,
--   and removed at least min_rows rows a call on average.
-- caution: A bound in the middle of a partition leaves a rest that has to be deleted still.
-- fix: No script: which partitions are past their time is yours to say. ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY (not
--   with a default partition), then DROP TABLE: the rows are gone for good.
-- threshold: min_rows 1000 rows removed by a call on average
WITH uses AS (
    SELECT u.relation, u.queryid, bool_and(u.wrapper IS NULL AND u.operator IN ('<', '<=') AND u.other IN ('constant', 'parameter', 'stable')) AS bounds_only,
           min(u.attnum) AS attnum, max(u.attnum) AS last_attnum
    FROM column_usage u
    WHERE u.place = 'condition'
    GROUP BY u.relation, u.queryid
), deletes AS (
    SELECT queryid, sum(calls) AS calls, sum(rows) AS rows, sum(total_exec_time) AS time FROM statements
    WHERE query ~* '^\s*delete\s' GROUP BY queryid
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid, sum(d.time) AS impact,
       format('Old rows of %s are deleted, not dropped with their partition', t.identity) AS title,
       format('%s of DELETE with nothing but an upper bound on the partition key %I removed %s in %s s. Detach and drop partitions that are past '
              'their time instead.', advisor.counted(sum(d.calls), 'call'), c.name,
              advisor.counted(sum(d.rows), 'row'), round((sum(d.time) / 1000)::numeric, 1)) AS detail,
       jsonb_build_object('calls', sum(d.calls), 'rows', sum(d.rows), 'column', c.name, 'queryids', jsonb_agg(d.queryid ORDER BY d.queryid)) AS evidence
FROM tables t
JOIN pg_partitioned_table p ON p.partrelid = t.relid AND p.partstrat = 'r' AND p.partnatts = 1
JOIN columns c ON c.relid = t.relid AND c.attnum = p.partattrs[0]
JOIN uses u ON u.relation = t.relid AND u.bounds_only AND u.attnum = c.attnum AND u.last_attnum = c.attnum
JOIN deletes d ON d.queryid = u.queryid
WHERE d.calls > 0 AND d.rows >= :min_rows * d.calls
GROUP BY t.relid, t.identity, c.name
