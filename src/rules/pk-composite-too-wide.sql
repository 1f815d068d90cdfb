-- A key of many columns that other tables have to repeat
--
-- category: schema
-- severity: notice
-- inputs: tables, indexes, fks
-- what: A primary key of more than max_columns columns to which foreign keys refer.
-- why: Each referring table repeats all of the columns, in its rows and in its indexes, and joins compare all of them.
-- detection: The catalog.
-- caution: Tables that only join others, and to which nothing refers, are left out.
-- fix: No script: a key of one column, with a UNIQUE constraint on the present ones, is a change of all that refer to it.
-- threshold: max_columns 4 columns that a key may have
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid,
       format('The primary key of %s has %s, and foreign keys repeat them', t.identity, advisor.counted(cardinality(i.keys), 'column')) AS title,
       format('%s foreign keys refer to it. A key of one column beside a UNIQUE constraint on these would be enough for them.', count(f.conoid)) AS detail,
       jsonb_build_object('columns', cardinality(i.keys), 'foreign_keys', count(f.conoid), 'rows', t.rows) AS evidence, t.bytes AS weight
FROM indexes i
JOIN tables t ON t.relid = i.relid
JOIN fks f ON f.target = i.relid AND f.target_columns <@ i.keys::int2[] AND f.target_columns @> i.keys::int2[]
WHERE i.is_primary AND cardinality(i.keys) > :max_columns
GROUP BY t.relid, t.identity, t.rows, t.bytes, i.keys
