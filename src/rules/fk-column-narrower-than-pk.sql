-- A foreign key column is narrower than the key it refers to
--
-- category: schema
-- severity: warning
-- inputs: tables, columns, fks, sequences, samples
-- what: A referencing column of a smaller integer type than the referenced one: integer to bigint, smallint to integer.
-- why: Once the referenced key passes what the narrower type holds, no row can refer to the new ones: INSERT fails.
-- detection: The two types; critical when the referenced key has used at least critical_above of the narrower type, by
--   the position of its sequence or the largest value that ANALYZE sampled.
-- caution: If the referenced table will never be that large the column only has to be known.
-- fix: No script: ALTER TABLE ... ALTER COLUMN ... TYPE holds ACCESS EXCLUSIVE while it rewrites the table and its
--   indexes and checks the foreign key again. On a large table: a wider column beside it, filled by a trigger and in
--   batches, then swapped.
-- threshold: critical_above 0.5 share of the narrower type that the referenced key has used from which it is critical
WITH pairs AS (
    SELECT f.conoid, f.name, f.relid, f.target, p.child, p.parent
    FROM fks f, unnest(f.columns, f.target_columns) AS p (child, parent)
), narrow AS (
    SELECT p.*, c.name AS column_name, c.type_name, q.name AS target_column, q.type_name AS target_type,
           CASE c.base WHEN 'int2'::regtype THEN 32767 ELSE 2147483647 END::float8 AS limit_value,
           (SELECT max(s.last_value) FROM sequences s WHERE s.relid = p.target AND s.attnum = p.parent AND s.increment > 0)::float8 AS last_value,
           (SELECT max(CASE WHEN v ~ '^-?[0-9]+$' THEN v::float8 END) FROM samples m, unnest(m.sample) v WHERE m.relid = p.target AND m.attnum = p.parent) AS seen_max
    FROM pairs p
    JOIN columns c ON c.relid = p.relid AND c.attnum = p.child
    JOIN columns q ON q.relid = p.target AND q.attnum = p.parent
    WHERE (c.base = 'int2'::regtype AND q.base IN ('int4'::regtype, 'int8'::regtype))
       OR (c.base = 'int4'::regtype AND q.base = 'int8'::regtype)
)
SELECT 'pg_class'::regclass AS classid, n.relid AS objid, n.child::int AS objsubid,
       CASE WHEN greatest(n.last_value, n.seen_max) / n.limit_value >= :critical_above THEN 'critical' ELSE 'warning' END AS severity,
       format('%s.%I is %s but refers to a %s', t.identity, n.column_name, n.type_name, n.target_type) AS title,
       format('It refers to %s.%I and holds values up to %s.', r.identity, n.target_column, to_char(n.limit_value, 'FM999,999,999,990'))
       || coalesce(format(' The referenced key has reached %s: %s %% of that.',
                          to_char(greatest(n.last_value, n.seen_max), 'FM9,999,999,999,999,999,990'),
                          round((100 * greatest(n.last_value, n.seen_max) / n.limit_value)::numeric, 1)), '')
       || format(' Make it %s before the key passes it: the table has %s, %s.', n.target_type,
                 advisor.counted(greatest(t.rows, 0), 'row'), pg_size_pretty(t.bytes::bigint)) AS detail,
       jsonb_build_object('foreign_key', n.name, 'type', n.type_name, 'referenced_type', n.target_type, 'limit', n.limit_value,
                          'reached', greatest(n.last_value, n.seen_max), 'rows', t.rows, 'bytes', t.bytes) AS evidence,
       coalesce(greatest(n.last_value, n.seen_max) / n.limit_value, 0) AS weight
FROM narrow n JOIN tables t ON t.relid = n.relid JOIN tables r ON r.relid = n.target
