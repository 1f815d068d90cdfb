-- A timestamp that rounds to seconds
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A column of type timestamp(0) or timestamptz(0).
-- why: Values are rounded, not cut off: what happened in the last half of a second is stored as the next one, which can
--   lie in the future, in the next day or in the next partition.
-- detection: The type of the column.
-- caution: Where whole seconds are stored anyway nothing is lost.
-- fix: No script: the type without (0) is a change of the catalog only, but it fails while views or other objects use the
--   column, and indexes on expressions over it are built again, all under ACCESS EXCLUSIVE. Cut off with date_trunc where
--   seconds are wanted.
SELECT 'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I rounds to whole seconds', t.identity, c.name) AS title,
       format('Its type is %s: half a second before midnight is stored as the next day. The type without (0) keeps the value; date_trunc cuts it off.', c.type_name) AS detail,
       jsonb_build_object('type', c.type_name, 'rows', t.rows, 'bytes', t.bytes) AS evidence, t.bytes AS weight
FROM columns c JOIN tables t ON t.relid = c.relid AND t.kind IN ('r', 'p')
WHERE c.type IN ('timestamp'::regtype, 'timestamptz'::regtype) AND c.typmod = 0
