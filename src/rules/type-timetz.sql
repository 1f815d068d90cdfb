-- A column of type time with time zone
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A column of type time with time zone.
-- why: An offset without a date says little: when daylight saving begins or ends cannot be known from it.
-- detection: The type of the column, below domains.
-- caution: Data that comes with offsets, and is only handed on, may be kept so.
-- fix: No script: timestamptz if it is a moment, time and the name of a zone if it recurs. What was meant is yours to say.
SELECT 'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I is of type %s', t.identity, c.name, c.type_name) AS title,
       format('An offset without a date cannot follow daylight saving. timestamptz holds a moment; time beside the name of a zone holds what recurs. The table has %s, %s.', advisor.counted(greatest(t.rows, 0), 'row'),
              pg_size_pretty(t.bytes::bigint)) AS detail,
       jsonb_build_object('type', c.type_name, 'rows', t.rows, 'bytes', t.bytes) AS evidence, t.bytes AS weight
FROM columns c JOIN tables t ON t.relid = c.relid AND t.kind IN ('r', 'p')
WHERE c.base = 'timetz'::regtype
