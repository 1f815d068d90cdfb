-- A join that looks like a foreign key, and none is declared
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes, fks, column_usage
-- what: A column that statements join to another table's key, without a foreign key.
-- why: Nothing keeps rows from pointing to what does not exist; each query has to live with orphans, and the planner
--   does not know that every row has a partner.
-- detection: An equality with a single-column primary or unique key of another table, of the same type, in at least
--   min_calls calls; the column is no key itself, no foreign key covers it, and by the statistics it has no more distinct values
--   than the other table has rows (and a tenth, for they are estimates).
-- caution: A pair of something_type and something_id points to several tables and is not reported. Staging tables, and
--   tables that another system fills, may be right without.
-- fix: Adds the constraint NOT VALID, which checks new rows only and locks both tables for a moment, then validates, which
--   lets reads and writes go on. The second step fails if there are orphans, and then names one: nothing is lost.
-- threshold: min_calls 100 calls of statements that join so
WITH joined AS (
    SELECT q.relation, q.attnum, q.other_relation, q.other_attnum, sum(q.calls) AS calls, array_agg(q.queryid ORDER BY q.queryid) AS queryids
    FROM (SELECT DISTINCT relation, attnum, other_relation, other_attnum, queryid, calls
          FROM column_usage
          WHERE place = 'condition' AND operator = '=' AND wrapper IS NULL AND other = 'column' AND relation <> other_relation) q
    GROUP BY q.relation, q.attnum, q.other_relation, q.other_attnum
), single_keys AS (
    SELECT DISTINCT relid, keys[1] AS attnum FROM indexes
    WHERE is_unique AND is_valid AND predicate IS NULL AND NOT has_expressions AND cardinality(keys) = 1
)
SELECT 'pg_class'::regclass AS classid, j.relation AS objid, j.attnum::int AS objsubid,
       format('%s.%I is joined to %s.%I without a foreign key', a.identity, c.name, b.identity, d.name) AS title,
       format('%s the two, %s.%I is a key, and both are %s. Statistics: %s different values in the column, %s in %s.',
              advisor.counted(j.calls, 'call joins', 'calls join'), b.identity, d.name, c.type_name,
              to_char(CASE WHEN c.n_distinct < 0 THEN -c.n_distinct * a.rows ELSE c.n_distinct END, 'FM999,999,999,999,990'),
              advisor.counted(b.rows, 'row'), b.identity) AS detail,
       jsonb_build_object('calls', j.calls, 'queryids', j.queryids, 'target', b.identity, 'target_column', d.name) AS evidence,
       a.bytes AS weight,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %s (%I) NOT VALID;\nRESET lock_timeout;\nALTER TABLE %s VALIDATE CONSTRAINT %I;',
              a.identity, n.name, c.name, b.identity, d.name, a.identity, n.name) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s DROP CONSTRAINT %I;\nRESET lock_timeout;', a.identity, n.name) AS undo
FROM joined j
JOIN tables a ON a.relid = j.relation AND a.kind = 'r'
JOIN tables b ON b.relid = j.other_relation AND b.kind IN ('r', 'p')
JOIN columns c ON c.relid = j.relation AND c.attnum = j.attnum
JOIN columns d ON d.relid = j.other_relation AND d.attnum = j.other_attnum
JOIN single_keys k ON k.relid = j.other_relation AND k.attnum = j.other_attnum
CROSS JOIN LATERAL (SELECT left(a.name || '_' || c.name, 57) || '_fkey' AS name) n
WHERE j.calls >= :min_calls AND c.type = d.type AND a.persistence = b.persistence
  AND NOT EXISTS (SELECT FROM single_keys o WHERE o.relid = j.relation AND o.attnum = j.attnum)
  AND NOT EXISTS (SELECT FROM fks f WHERE f.relid = j.relation AND j.attnum = ANY (f.columns))
  AND NOT EXISTS (SELECT FROM fks f WHERE f.relid = j.other_relation AND j.other_attnum = ANY (f.columns) AND f.target = j.relation)
  AND NOT EXISTS (SELECT FROM columns s WHERE s.relid = j.relation AND s.name = regexp_replace(c.name, '_id$', '') || '_type')
  AND a.rows > 0 AND b.rows > 0 AND c.n_distinct IS NOT NULL
  AND CASE WHEN c.n_distinct < 0 THEN -c.n_distinct * a.rows ELSE c.n_distinct END <= 1.1 * b.rows
  AND NOT EXISTS (SELECT FROM pg_constraint x WHERE x.conrelid = j.relation AND x.conname = n.name)
