-- A large table that is read by time and could be partitioned by it
--
-- category: structure
-- severity: notice
-- inputs: tables, columns, indexes, fks, statements, column_usage
-- what: A large plain table most of whose recorded calls are bounded by one date or timestamp column, and that grows or
--   is thinned out along it.
-- why: Partitioned by that column a query reads only the partitions it asks for, and old rows go by DROP TABLE instead
--   of a DELETE that leaves dead rows for VACUUM and bloat in every index.
-- detection: At least min_bytes (heap and TOAST), at least min_calls recorded calls that use columns of the table, and at least
--   min_share of these compare the column with a value, a parameter or a clock. Either rows lie in its order (correlation
--   0.9 by statistics) or a recorded DELETE has an upper bound on it: that makes it a warning.
-- caution: Unique constraints and foreign keys that do not fit are listed, for they decide whether it is worth it. INSERT is
--   not counted. What the recorder has not seen, such as a monthly report, is not counted either.
-- fix: No script: width and retention are yours to say. The usual way without copying the table: a new partitioned parent, the old table
--   attached as its first partition under a CHECK constraint that was validated before, new partitions by LIKE and ATTACH.
-- threshold: min_bytes 107374182400 bytes from which a table is reported
-- threshold: min_calls 1000 recorded calls from which the shares are believed
-- threshold: min_share 0.6 share of the calls that are bounded by the column
WITH used AS (
    SELECT relation, queryid, max(calls) AS calls FROM column_usage GROUP BY relation, queryid
), totals AS (
    SELECT relation, sum(calls) AS calls FROM used GROUP BY relation
), bounded AS (
    SELECT u.relation, u.attnum, u.queryid, max(u.calls) AS calls,
           bool_or(u.operator <> '=') AS by_range, bool_or(u.operator IN ('<', '<=')) AS upper_bound
    FROM column_usage u
    WHERE u.place = 'condition' AND u.wrapper IS NULL AND u.operator IN ('<', '<=', '=', '>=', '>')
      AND u.other IN ('constant', 'parameter', 'stable')
    GROUP BY u.relation, u.attnum, u.queryid
), deletes AS (
    SELECT queryid, sum(calls) AS calls, sum(rows) AS rows FROM statements
    WHERE query ~* '^\s*delete\s' GROUP BY queryid
), shares AS (
    SELECT b.relation, b.attnum, sum(b.calls) AS calls, bool_or(b.by_range) AS by_range,
           sum(d.calls) FILTER (WHERE b.upper_bound AND d.rows > 0) AS delete_calls,
           sum(d.rows) FILTER (WHERE b.upper_bound) AS deleted
    FROM bounded b LEFT JOIN deletes d ON d.queryid = b.queryid
    GROUP BY b.relation, b.attnum
), judged AS (
    SELECT DISTINCT ON (t.relid) t.relid, t.identity, t.bytes, t.rows, c.attnum, c.name AS column_name, c.correlation,
           s.calls, o.calls AS all_calls, s.delete_calls, s.deleted
    FROM tables t
    JOIN columns c ON c.relid = t.relid AND c.type IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
    JOIN shares s ON s.relation = t.relid AND s.attnum = c.attnum AND s.by_range
    JOIN totals o ON o.relation = t.relid
    WHERE t.kind = 'r' AND t.rows > 0 AND t.bytes >= :min_bytes
      AND o.calls >= :min_calls AND s.calls >= :min_share * o.calls
      AND (c.correlation >= 0.9 OR s.delete_calls > 0)
    ORDER BY t.relid, s.calls DESC, c.attnum
)
SELECT 'pg_class'::regclass AS classid, j.relid AS objid, 0 AS objsubid, j.bytes AS weight,
       CASE WHEN j.delete_calls > 0 THEN 'warning' ELSE 'notice' END AS severity,
       format('Table %s (%s) is read by %I and could be partitioned by it', j.identity, pg_size_pretty(j.bytes::bigint), j.column_name) AS title,
       format('%s %% of the %s recorded calls that use its columns are bounded by %I; the table has %s.',
              round((100 * j.calls / j.all_calls)::numeric, 1), to_char(j.all_calls, 'FM999,999,999,999,990'), j.column_name,
              advisor.counted(j.rows, 'row'))
       || CASE WHEN j.delete_calls > 0 THEN
              format(' %s of DELETE with an upper bound on it removed %s: of a partitioned table that is DROP TABLE.',
                     advisor.counted(j.delete_calls, 'call'), advisor.counted(j.deleted, 'row'))
          ELSE format(' Rows lie in its order (correlation %s).', round(j.correlation::numeric, 2)) END
       || coalesce(' Unique indexes that do not have the column and could not stay as they are: ' || k.names || '.', '')
       || CASE WHEN f.count > 0 THEN format(' Foreign keys that refer to the table and its key: %s.', f.count) ELSE '' END
       || CASE WHEN j.calls < j.all_calls THEN ' Calls that are not bounded by the column would look into every partition.' ELSE '' END
       AS detail,
       jsonb_build_object('bytes', j.bytes, 'rows', j.rows, 'column', j.column_name, 'bounded_calls', j.calls, 'calls', j.all_calls,
                          'correlation', j.correlation, 'delete_calls', j.delete_calls, 'rows_deleted', j.deleted,
                          'unique_indexes_without_it', k.names, 'referring_foreign_keys', f.count) AS evidence
FROM judged j
CROSS JOIN LATERAL (SELECT string_agg(i.identity, ', ' ORDER BY i.identity) AS names FROM indexes i
                    WHERE i.relid = j.relid AND (i.is_unique OR i.is_exclusion) AND j.attnum <> ALL (i.keys)) k
CROSS JOIN LATERAL (SELECT count(*) FROM fks WHERE target = j.relid) f
