-- Amounts of money in floating point
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, samples
-- what: A column of type real or double precision that, by its name and its values, holds amounts of money.
-- why: 0.1 has no exact binary form: sums differ in the last digits by the order in which rows are added, and equality
--   fails.
-- detection: The name says price, amount, cost, fee, salary and the like, and all of the values that ANALYZE sampled (at
--   least 10) have at most two decimals, some of them two or one.
-- caution: Estimates and measurements can look the same.
-- fix: No script: numeric(p, s) rewrites the table under ACCESS EXCLUSIVE; on a large one fill a column beside it in
--   batches. Round where it is read until then.
SELECT 'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I holds amounts of money in %s', t.identity, c.name, c.type_name) AS title,
       format('All of %s sampled values have at most two decimals. numeric adds and compares them exactly. The table has %s, %s.',
              cardinality(s.sample), advisor.counted(t.rows, 'row'), pg_size_pretty(t.bytes::bigint)) AS detail,
       jsonb_build_object('type', c.type_name, 'sampled', cardinality(s.sample), 'rows', t.rows) AS evidence, t.bytes AS weight
FROM columns c
JOIN tables t ON t.relid = c.relid
JOIN samples s ON s.relid = c.relid AND s.attnum = c.attnum
WHERE c.base IN ('float4'::regtype, 'float8'::regtype) AND cardinality(s.sample) >= 10
  AND c.name ~* '(^|_)(price|prices|amount|balance|cost|costs|fee|fees|salary|wage|revenue|payment|discount_amount|tax_amount|subtotal|total|total_due)(_|$)'
  AND c.name !~* '(^|_)(rate|ratio|factor|percent|pct|score|weight|index|estimate|estimated|avg|mean|stddev|forecast)(_|$)'
  AND NOT EXISTS (SELECT FROM unnest(s.sample) v WHERE v !~ '^-?\d+(\.\d{1,2})?$')
  AND EXISTS (SELECT FROM unnest(s.sample) v WHERE v ~ '\.')
