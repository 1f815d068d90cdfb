-- Names that have to be quoted
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A schema with tables or columns whose names have upper case letters, blanks or signs.
-- why: Without quotes they are not found, as PostgreSQL folds names to lower case: each statement has to quote them.
-- detection: The names of tables and columns; one finding per schema.
-- caution: Names that a framework makes, and quotes by itself, trouble only those who write SQL by hand.
-- fix: No script: a rename breaks every statement that uses the old name. Choose other names for what is new.
WITH names AS (
    SELECT t.schema, t.name, t.identity AS place, 0 AS attnum, t.identity FROM tables t
    UNION ALL
    SELECT t.schema, c.name, t.identity || '.' || quote_ident(c.name), c.attnum, t.identity
    FROM columns c JOIN tables t ON t.relid = c.relid
), found AS (
    SELECT n.schema, n.place, n.attnum, row_number() OVER (PARTITION BY n.schema ORDER BY n.attnum = 0 DESC, n.identity, n.attnum) AS rank
    FROM names n
    WHERE n.name ~ '[A-Z]|^[0-9$]' OR n.name ~ '[\u0001-\u0023\u0025-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u007f]' -- other letters need no quotes
)
SELECT 'pg_namespace'::regclass AS classid, s.oid AS objid, 0 AS objsubid,
       format('Schema %I has %s to be quoted', f.schema, advisor.counted(count(*), 'name that has', 'names that have')) AS title,
       format('%s and %s, for example %s.', advisor.counted(count(*) FILTER (WHERE f.attnum = 0), 'table'), advisor.counted(count(*) FILTER (WHERE f.attnum > 0), 'column'),
              string_agg(f.place, ', ' ORDER BY f.rank) FILTER (WHERE f.rank <= 3)) AS detail,
       jsonb_build_object('tables', count(*) FILTER (WHERE f.attnum = 0), 'columns', count(*) FILTER (WHERE f.attnum > 0),
                          'examples', jsonb_agg(f.place ORDER BY f.rank) FILTER (WHERE f.rank <= 50)) AS evidence,
       count(*) AS weight
FROM found f JOIN pg_namespace s ON s.nspname = f.schema
GROUP BY s.oid, f.schema
