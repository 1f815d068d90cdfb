-- One column points to several tables, by what a second column says
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, fks, column_usage
-- what: A pair of columns x_type and x_id that statements join to more than one other table.
-- why: No foreign key can be declared for it, so nothing keeps rows from pointing nowhere, and each join has to name
--   the type by hand.
-- detection: Both columns are in one table, x_id has no foreign key, and the recorded statements join it to at least two
--   other tables.
-- caution: Audit trails and version tables of frameworks are made so on purpose, and rarely joined.
-- fix: No script: one nullable column with a foreign key per target, and a CHECK that exactly one of them is set
--   (num_nonnulls), filled beside the old pair until readers have moved.
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I points to %s, by what %I says', t.identity, c.name, advisor.counted(count(DISTINCT u.other_relation), 'table'), d.name) AS title,
       format('Statements join it to %s, and no foreign key can hold for all of them. One nullable column with a foreign key per target and a CHECK (num_nonnulls(...) = 1) would.',
              string_agg(DISTINCT o.identity, ', ' ORDER BY o.identity)) AS detail,
       jsonb_build_object('targets', jsonb_agg(DISTINCT o.identity), 'type_column', d.name, 'rows', t.rows) AS evidence,
       t.bytes AS weight
FROM columns c
JOIN columns d ON d.relid = c.relid AND d.name = regexp_replace(c.name, '_id$', '_type')
JOIN tables t ON t.relid = c.relid
JOIN column_usage u ON u.relation = c.relid AND u.attnum = c.attnum AND u.place = 'condition' AND u.operator = '=' AND u.other = 'column'
JOIN tables o ON o.relid = u.other_relation AND o.relid <> t.relid
WHERE c.name ~ '_id$' AND NOT EXISTS (SELECT FROM fks f WHERE f.relid = c.relid AND c.attnum = ANY (f.columns))
GROUP BY t.relid, t.identity, t.rows, t.bytes, c.attnum, c.name, d.name
HAVING count(DISTINCT u.other_relation) >= 2
