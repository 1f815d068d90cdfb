-- A quantity that nothing keeps from being negative
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, samples
-- what: A numeric column called quantity, price, age, percent and the like, without a CHECK, in which ANALYZE saw no
--   negative value.
-- why: A wrong sign from one faulty statement goes into every sum from then on.
-- detection: The name, at least 10 sampled values and min_rows rows, none below zero, no CHECK on the column or its domain.
-- caution: Corrections and returns may be booked as negative amounts one day; names of balances, totals and amounts are left
--   out for that.
-- fix: The CHECK is added NOT VALID and validated while writes go on; VALIDATE fails if a row that was not sampled is
--   negative. The undo drops it.
-- threshold: min_rows 1000 rows from which a column is reported
SELECT 'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       format('Nothing keeps %s.%I from being negative', t.identity, c.name) AS title,
       format('The least of %s sampled values is %s, in %s; no CHECK says so.', cardinality(s.sample), m.least,
              advisor.counted(t.rows, 'row')) AS detail,
       jsonb_build_object('least', m.least, 'sampled', cardinality(s.sample), 'rows', t.rows) AS evidence, t.bytes AS weight,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %1$s ADD CONSTRAINT %2$I CHECK (%3$I >= 0) NOT VALID;\nALTER TABLE %1$s VALIDATE CONSTRAINT %2$I;\nRESET lock_timeout;',
              t.identity, k.name, c.name) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s DROP CONSTRAINT %I;\nRESET lock_timeout;', t.identity, k.name) AS undo
FROM columns c
JOIN tables t ON t.relid = c.relid AND t.kind = 'r' AND t.rows >= :min_rows
JOIN samples s ON s.relid = c.relid AND s.attnum = c.attnum AND cardinality(s.sample) >= 10
CROSS JOIN LATERAL (SELECT min(CASE WHEN v ~ '^-?[0-9.]+(e[+-]?[0-9]+)?$' THEN v::numeric END) AS least FROM unnest(s.sample) v WHERE v NOT IN ('NaN', 'Infinity', '-Infinity')) m
CROSS JOIN LATERAL (SELECT left(c.name, 40) || '_not_negative' AS name) k
WHERE c.type IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype) AND c.identity = ''
  AND c.name ~* '^((unit|list|sale|retail|net|gross)_)?price$|(^|_)(qty|quantity|age|percent|percentage)$|^stock(_level|_quantity)?$'
  AND m.least >= 0
  AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conrelid = c.relid
                                                AND (x.conname = k.name OR (x.contype IN ('c', 'f') AND c.attnum = ANY (x.conkey))))
