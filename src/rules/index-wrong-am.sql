-- A B-tree on a column that is searched by what it contains
--
-- category: index
-- severity: warning
-- inputs: tables, indexes, column_usage
-- what: A B-tree index whose only key is an array, jsonb, tsvector or range column, while the recorded statements ask with @>, <@, &&,
--   ?, ?| , ?& or @@ and never compare or sort the whole value.
-- why: A B-tree finds whole values only; such questions need GIN, or GiST for ranges. The index costs writes and
--   serves nothing.
-- detection: All conditions, orders and groups on the column in the recorded workload are of those operators, and there is at least one;
--   the index backs no constraint.
-- caution: Statements that ran before the last reset are not known.
-- fix: Drops the B-tree CONCURRENTLY. Whether a GIN or GiST index is worth its upkeep is among the index suggestions.
WITH uses AS (
    SELECT u.relation, u.attnum,
           bool_and(u.place = 'condition' AND u.operator IN ('@>', '<@', '&&', '?', '?|', '?&', '@@', '@?')) AS contents_only,
           sum(u.calls) AS calls, string_agg(DISTINCT u.operator, ', ') AS operators
    FROM column_usage u
    WHERE u.place IN ('condition', 'order', 'group') AND u.wrapper IS NULL AND u.operator IS DISTINCT FROM 'is not null'
    GROUP BY u.relation, u.attnum
)
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid,
       format('B-tree %s cannot serve %s on %I', i.identity, u.operators, a.attname) AS title,
       format('%I is %s; %s into it with %s, none compares or sorts the whole value. %s, %s since statistics were reset.',
              a.attname, format_type(a.atttypid, a.atttypmod), advisor.counted(u.calls, 'call looks', 'calls look'), u.operators,
              pg_size_pretty(i.bytes::bigint), advisor.counted(i.scans, 'scan')) AS detail,
       jsonb_build_object('calls', u.calls, 'operators', u.operators, 'bytes', i.bytes, 'scans', i.scans) AS evidence,
       i.bytes AS weight,
       CASE WHEN t.kind <> 'p' THEN format('DROP INDEX CONCURRENTLY %s;', i.identity) END AS fix,
       CASE WHEN t.kind <> 'p' THEN regexp_replace(pg_get_indexdef(i.indexrelid), '^CREATE INDEX ', 'CREATE INDEX CONCURRENTLY ') || ';' END AS undo
FROM indexes i
JOIN tables t ON t.relid = i.relid
JOIN uses u ON u.relation = i.relid AND u.attnum = i.keys[1] AND u.contents_only
JOIN pg_attribute a ON a.attrelid = i.relid AND a.attnum = i.keys[1]
JOIN pg_type y ON y.oid = a.atttypid
WHERE i.am = 'btree' AND cardinality(i.keys) = 1 AND i.constraint_oid IS NULL AND NOT i.is_unique AND NOT i.replica_identity AND i.scans = 0
  AND (y.typcategory IN ('A', 'R') OR y.typname IN ('jsonb', 'tsvector'))
