-- The last partition ends soon
--
-- category: structure
-- severity: warning
-- inputs: tables
-- what: A table partitioned by range of a date or timestamp that takes rows of today, and whose highest partition ends soon.
-- why: The first row beyond it is an error for whoever inserts it, or goes to the default partition, from where it has to be
--   moved before the missing partition can be made.
-- detection: One partition key of type date, timestamp or timestamptz; the partition of now has had inserts since statistics were
--   reset; the highest bound is less than warning_days away, or less than two widths of the last partition if these are narrower. Critical
--   below critical_days (or one width) where no default partition takes the rows.
-- caution: A job that makes partitions at the last moment is right each time; this is for the day on which it does not run.
-- fix: No script: name and options of the next partition follow your scheme. CREATE TABLE ... (LIKE parent INCLUDING ALL) and ATTACH PARTITION
--   take SHARE UPDATE EXCLUSIVE on the parent, CREATE TABLE ... PARTITION OF takes ACCESS EXCLUSIVE.
-- threshold: warning_days 14 days before the end from which it is reported
-- threshold: critical_days 2 days before the end from which it is critical
WITH keyed AS (
    SELECT t.relid, t.identity, p.partdefid, a.attname
    FROM tables t
    JOIN pg_partitioned_table p ON p.partrelid = t.relid AND p.partstrat = 'r' AND p.partnatts = 1
    JOIN pg_attribute a ON a.attrelid = t.relid AND a.attnum = p.partattrs[0]
    WHERE a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
), bounds AS (
    SELECT k.relid, c.oid, c.relname, c.relkind, regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \((.*)\) TO \((.*)\)$') AS bound
    FROM keyed k JOIN pg_inherits i ON i.inhparent = k.relid JOIN pg_class c ON c.oid = i.inhrelid
    WHERE c.oid <> k.partdefid
), parts AS (
    SELECT relid, oid, relname, relkind,
           CASE WHEN bound[1] = 'MINVALUE' THEN '-infinity' ELSE trim(bound[1], '''')::timestamptz END AS low,
           CASE WHEN bound[2] = 'MAXVALUE' THEN 'infinity' ELSE trim(bound[2], '''')::timestamptz END AS high
    FROM bounds
), last AS (
    SELECT DISTINCT ON (relid) relid, relname, low, high FROM parts ORDER BY relid, high DESC
), fed AS (
    SELECT relid, sum(pg_stat_get_tuples_inserted(oid)) AS inserts FROM parts
    WHERE low <= now() AND now() < high AND relkind = 'r' GROUP BY relid
), judged AS (
    SELECT k.*, l.relname, l.high, f.inserts, extract(epoch FROM l.high - now())::float8 / 86400 AS days,
           CASE WHEN isfinite(l.low) THEN extract(epoch FROM l.high - l.low)::float8 / 86400 ELSE 'Infinity' END AS width
    FROM keyed k JOIN last l ON l.relid = k.relid JOIN fed f ON f.relid = k.relid
    WHERE isfinite(l.high) AND f.inserts > 0
)
SELECT 'pg_class'::regclass AS classid, relid AS objid, 0 AS objsubid,
       CASE WHEN partdefid = 0 AND days < least(:critical_days, width) THEN 'critical' ELSE 'warning' END AS severity,
       format('The partitions of %s end in %s days', identity, round(days::numeric, 1)) AS title,
       format('The last partition, %I, ends at %s by %I; %s inserted into the present one since statistics were reset. After that %s. '
              'Make the next partitions, and see that a job does it in time.',
              relname, high, attname, advisor.counted(inserts, 'row was', 'rows were'),
              CASE WHEN partdefid = 0 THEN 'every INSERT of a current row fails' ELSE 'rows go to the default partition' END) AS detail,
       jsonb_build_object('last_partition', relname, 'ends', high, 'days', round(days::numeric, 2), 'has_default', partdefid <> 0,
                          'inserts', inserts) AS evidence
FROM judged
WHERE days < least(:warning_days, 2 * width)
