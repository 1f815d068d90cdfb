-- Values of columns as ANALYZE sampled them: the most common ones and the bounds of the histogram
--
-- inputs: tables, columns, indexes
-- what: relid, attnum, sample (text[]), complete (there is no histogram: the most common values are all that were seen).
--   Only in tables of at least 1000 rows, of columns that the caller may read: text up to 100 bytes wide (1000 with the spaces that fill up char(n)), OIDs, and those
--   numbers that are unique, come from a sequence or are named like a quantity or an amount
WITH wanted AS MATERIALIZED (
    SELECT c.relid, c.attnum, c.name, t.schema, t.name AS table_name, t.kind = 'p' AS inherited
    FROM columns c
    JOIN tables t ON t.relid = c.relid
    WHERE t.rows >= 1000 AND c.avg_width <= CASE WHEN c.base = 'bpchar'::regtype THEN 1000 ELSE 100 END
      AND (c.base IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'oid'::regtype)
           OR (c.base IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'float4'::regtype, 'float8'::regtype)
               AND (c.identity <> '' OR c.default_text LIKE 'nextval(%'
                    OR c.name ~* '(price|amount|balance|cost|fee|salary|wage|revenue|payment|subtotal|total|qty|quantity|age|percent|stock)'
                    OR (c.relid, c.attnum) IN (SELECT i.relid, i.keys[1] FROM indexes i WHERE i.is_unique AND cardinality(i.keys) = 1))))
)
SELECT w.relid, w.attnum,
       coalesce(s.most_common_vals::text::text[], '{}')
       || coalesce(s.histogram_bounds::text::text[], '{}') AS sample,
       s.histogram_bounds IS NULL AS complete
FROM wanted w
-- An outer join: the planner takes an inner one on three names for a single row, and reads all columns for each.
LEFT JOIN pg_stats s ON s.schemaname = w.schema AND s.tablename = w.table_name AND s.attname = w.name AND s.inherited = w.inherited
