-- Timestamps without a time zone
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A schema with columns of type timestamp without time zone.
-- why: Such a value is no moment: what now() writes into it, and what it is compared with, depends on the TimeZone of the
--   session, and hours repeat when daylight saving ends.
-- detection: The type of the column; one finding per schema. A warning where some of them get now() by default while others
--   in the schema are timestamptz.
-- caution: Local times that are meant so (opening hours, names ending in _local) are not counted. If every session runs in
--   UTC the values are right.
-- fix: No script. Where UTC is stored, ALTER COLUMN ... TYPE timestamptz in a session with TimeZone = UTC and without USING
--   rewrites no rows, but rebuilds the indexes on the column under ACCESS EXCLUSIVE and drops its statistics.
WITH found AS (
    SELECT t.schema, t.identity || '.' || quote_ident(c.name) AS place, c.base = 'timestamp'::regtype AS without,
           c.default_text ~* '(now\(\)|current_timestamp|clock_timestamp\(\)|statement_timestamp\(\)|transaction_timestamp\(\))'
           AND c.default_text !~* 'time zone|timezone' AS by_now,
           row_number() OVER (PARTITION BY t.schema, c.base ORDER BY t.bytes DESC, t.identity, c.attnum) AS rank
    FROM columns c JOIN tables t ON t.relid = c.relid AND t.kind IN ('r', 'p')
    WHERE c.base IN ('timestamp'::regtype, 'timestamptz'::regtype) AND c.name !~* '(^|_)local(_|$)'
)
SELECT 'pg_namespace'::regclass AS classid, n.oid AS objid, 0 AS objsubid,
       CASE WHEN count(*) FILTER (WHERE f.without AND f.by_now) > 0 AND count(*) FILTER (WHERE NOT f.without) > 0
            THEN 'warning' ELSE 'notice' END AS severity,
       format('Schema %I has %s without a time zone', f.schema, advisor.counted(count(*) FILTER (WHERE f.without), 'timestamp')) AS title,
       format('For example %s. Columns that get the current time by default, in the zone of whatever session writes: %s. Columns of the schema that are timestamptz: %s.',
              string_agg(f.place, ', ' ORDER BY f.rank) FILTER (WHERE f.without AND f.rank <= 3),
              count(*) FILTER (WHERE f.without AND f.by_now), count(*) FILTER (WHERE NOT f.without)) AS detail,
       jsonb_build_object('columns', count(*) FILTER (WHERE f.without), 'default_now', count(*) FILTER (WHERE f.without AND f.by_now),
                          'timestamptz', count(*) FILTER (WHERE NOT f.without),
                          'examples', jsonb_agg(f.place ORDER BY f.rank) FILTER (WHERE f.without AND f.rank <= 50)) AS evidence,
       count(*) FILTER (WHERE f.without) AS weight
FROM found f JOIN pg_namespace n ON n.nspname = f.schema
GROUP BY n.oid, f.schema
HAVING bool_or(f.without)
