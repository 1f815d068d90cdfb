-- An array of keys of another table
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes
-- what: An array column called something_ids whose elements are of the type of the primary key of the table something.
-- why: There is no foreign key for the elements of an array: nothing keeps them from pointing to rows that are gone, each id
--   can be in it twice, and to find who refers to a row takes a GIN index or a scan.
-- detection: The name, the element type, and a table of that name, or its plural, in the same schema with a single-column
--   primary key of that type.
-- caution: A copy for the sake of reading, kept by triggers, or a path within a tree, may be right so.
-- fix: No script: a table with a row for each pair and two foreign keys, or with a column for the order if that matters.
WITH arrays AS (
    SELECT c.relid, c.attnum, c.name, e.typelem AS element, regexp_replace(lower(c.name), '_?ids$', '') AS stem
    FROM columns c JOIN pg_type e ON e.oid = c.base AND e.typcategory = 'A'
    WHERE c.name ~* '[a-z]_?ids$'
), keys AS (
    SELECT i.relid, c.base, c.name
    FROM indexes i JOIN columns c ON c.relid = i.relid AND c.attnum = i.keys[1]
    WHERE i.is_primary AND cardinality(i.keys) = 1
)
SELECT 'pg_class'::regclass AS classid, a.relid AS objid, a.attnum::int AS objsubid, t.bytes AS weight,
       format('%s.%I holds keys of %s in an array', t.identity, a.name, o.identity) AS title,
       format('Its elements are of the type of %s.%I, %s, and no foreign key can hold for them. The table has %s.', o.identity, k.name, format_type(a.element, NULL),
              advisor.counted(greatest(t.rows, 0), 'row')) AS detail,
       jsonb_build_object('target', o.identity, 'target_column', k.name, 'rows', t.rows) AS evidence
FROM arrays a
JOIN tables t ON t.relid = a.relid AND t.kind IN ('r', 'p')
JOIN tables o ON o.schema = t.schema AND lower(o.name) IN (a.stem, a.stem || 's', a.stem || 'es', regexp_replace(a.stem, 'y$', 'ies')) AND o.kind IN ('r', 'p')
JOIN keys k ON k.relid = o.relid AND k.base = a.element
