-- A column of type json
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A column of type json, not jsonb.
-- why: Every access parses the text again, it has no equality (DISTINCT, GROUP BY and UNION fail) and no GIN index.
-- detection: The type of the column, below domains.
-- caution: It keeps white space, the order of keys and repeated keys; where the text must stay byte for byte it is right. Logs that
--   are only written and handed on lose nothing.
-- fix: No script: ALTER COLUMN ... TYPE jsonb rewrites the table under ACCESS EXCLUSIVE and drops repeated keys and white space;
--   on a large table fill a column beside it in batches. Functions called json_... on it have to become jsonb_...
SELECT 'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I is of type %s', t.identity, c.name, c.type_name) AS title,
       format('Each access parses it anew, and no index serves its contents. jsonb does better unless the text must stay byte for byte. The table has %s, %s.', advisor.counted(greatest(t.rows, 0), 'row'),
              pg_size_pretty(t.bytes::bigint)) AS detail,
       jsonb_build_object('type', c.type_name, 'rows', t.rows, 'bytes', t.bytes) AS evidence, t.bytes AS weight
FROM columns c JOIN tables t ON t.relid = c.relid AND t.kind IN ('r', 'p')
WHERE c.base = 'json'::regtype
