-- Lengths that nobody chose
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A schema with columns of type varchar(255), varchar(256) or varchar(191), the lengths that frameworks and other
--   databases give by default.
-- why: In PostgreSQL such a limit saves nothing, and a longer value fails with an error.
-- detection: The declared length; one finding per schema.
-- caution: Where the length is a rule of the business, or protects what reads the value, it belongs there.
-- fix: No script: TYPE text changes the catalog only, but fails while views use the column, and rebuilds indexes on
--   expressions under ACCESS EXCLUSIVE. The way back, to varchar(n), rewrites the table. A CHECK can be changed more easily.
WITH found AS (
    SELECT t.schema, t.identity || '.' || quote_ident(c.name) AS place,
           row_number() OVER (PARTITION BY t.schema ORDER BY t.bytes DESC, t.identity, c.attnum) AS rank
    FROM columns c JOIN tables t ON t.relid = c.relid AND t.kind IN ('r', 'p')
    WHERE c.type = 'varchar'::regtype AND c.typmod - 4 IN (191, 255, 256)
)
SELECT 'pg_namespace'::regclass AS classid, n.oid AS objid, 0 AS objsubid,
       format('Schema %I has %s of a length nobody is likely to have chosen', f.schema, advisor.counted(count(*), 'column')) AS title,
       format('varchar(255) and the like, for example %s. A longer value fails; a shorter limit would save no space either. text has no limit.',
              string_agg(f.place, ', ' ORDER BY f.rank) FILTER (WHERE f.rank <= 3)) AS detail,
       jsonb_build_object('columns', count(*), 'examples', jsonb_agg(f.place ORDER BY f.rank) FILTER (WHERE f.rank <= 50)) AS evidence,
       count(*) AS weight
FROM found f JOIN pg_namespace n ON n.nspname = f.schema
GROUP BY n.oid, f.schema
