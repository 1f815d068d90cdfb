-- A sequence runs out before its column does
--
-- category: schema
-- severity: warning
-- inputs: columns, sequences
-- what: A sequence whose own maximum is nearly reached, although the column that it feeds could hold larger values.
-- why: Past its maximum nextval fails, and with it every INSERT. Often the column was made bigint and its sequence was
--   forgotten.
-- detection: Position of the sequence against its MAXVALUE (MINVALUE where it counts down). Only where the column's type
--   reaches further, or no column uses the sequence; the other case is pk-int-exhaustion.
-- caution: Sequences that cycle are left out, and so are those whose limit is not that of an integer type: somebody chose it.
-- fix: ALTER SEQUENCE ... AS bigint changes the catalog only and blocks nextval for a moment. The undo fails once the
--   sequence is past the old maximum.
-- threshold: notice_above 0.3 share of the range that is used from which it is a notice
-- threshold: warning_above 0.5 share from which it is a warning
-- threshold: critical_above 0.8 share from which it is critical
WITH ranges AS (
    SELECT s.seqrelid, s.identity, s.type, s.last_value, s.users, min(c.name) AS column_name,
           CASE WHEN s.increment > 0 THEN s.max_value ELSE s.min_value END::float8 AS limit_value,
           CASE WHEN s.increment > 0 THEN s.last_value::float8 / s.max_value
                ELSE s.last_value::float8 / s.min_value END AS used
    FROM sequences s
    LEFT JOIN columns c ON c.relid = s.relid AND c.attnum = s.attnum
    WHERE NOT s.cycle AND s.type IN ('int2'::regtype, 'int4'::regtype) AND s.last_value IS NOT NULL
      AND CASE WHEN s.increment > 0 THEN s.max_value = CASE s.type WHEN 'int2'::regtype THEN 32767 ELSE 2147483647 END
               ELSE s.min_value = CASE s.type WHEN 'int2'::regtype THEN -32768 ELSE -2147483648 END END
    GROUP BY s.seqrelid, s.identity, s.type, s.last_value, s.users, s.increment, s.max_value, s.min_value
    HAVING count(*) FILTER (WHERE NOT (c.base IN ('int8'::regtype, 'numeric'::regtype, 'text'::regtype, 'varchar'::regtype)
                                       OR (c.base = 'int4'::regtype AND s.type = 'int2'::regtype))) = 0
)
SELECT 'pg_class'::regclass AS classid, r.seqrelid AS objid, 0 AS objsubid,
       CASE WHEN r.used >= :critical_above THEN 'critical' WHEN r.used >= :warning_above THEN 'warning' ELSE 'notice' END AS severity,
       format('Sequence %s has used %s %% of its own range', r.identity, round((100 * r.used)::numeric, 1)) AS title,
       format('It is at %s and ends at %s, as its type is %s.', to_char(r.last_value, 'FM999,999,999,999,990'),
              to_char(r.limit_value, 'FM999,999,999,999,990'), format_type(r.type, NULL))
       || CASE WHEN r.users > 0 THEN ' The column that takes its values from it could hold larger ones.'
               ELSE ' No column takes its default from it: look where it is called before values become larger.' END AS detail,
       jsonb_build_object('last_value', r.last_value, 'limit', r.limit_value, 'used', round(r.used::numeric, 4),
                          'users', r.users) AS evidence,
       r.used AS weight,
       CASE WHEN r.users > 0 THEN format(E'SET lock_timeout = ''2s'';\nALTER SEQUENCE %s AS bigint;\nRESET lock_timeout;', r.identity) END AS fix,
       CASE WHEN r.users > 0 THEN
           format(E'-- Fails once the sequence is past its old limit.\nSET lock_timeout = ''2s'';\nALTER SEQUENCE %s AS %s;\nRESET lock_timeout;',
                  r.identity, format_type(r.type, NULL)) END AS undo
FROM ranges r
WHERE r.used >= :notice_above
