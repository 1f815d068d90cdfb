-- A column of type money
--
-- category: schema
-- severity: notice
-- inputs: tables, columns
-- what: A column of type money.
-- why: Its number of decimals and its currency sign are those of lc_monetary: the same stored value reads differently on a
--   server or in a session with another one, and the currency itself is not stored.
-- detection: The type of the column, below domains.
-- caution: It does no harm as long as lc_monetary never changes and there is only one currency.
-- fix: No script: numeric with a scale, and a column for the currency. The change rewrites the table under ACCESS EXCLUSIVE, and
--   the cast reads the values by lc_monetary.
SELECT 'pg_class'::regclass AS classid, c.relid AS objid, c.attnum::int AS objsubid,
       format('%s.%I is of type %s', t.identity, c.name, c.type_name) AS title,
       format('What it shows depends on lc_monetary. numeric with a scale, beside a column for the currency, does not. The table has %s, %s.', advisor.counted(greatest(t.rows, 0), 'row'),
              pg_size_pretty(t.bytes::bigint)) AS detail,
       jsonb_build_object('type', c.type_name, 'rows', t.rows, 'bytes', t.bytes) AS evidence, t.bytes AS weight
FROM columns c JOIN tables t ON t.relid = c.relid AND t.kind IN ('r', 'p')
WHERE c.base = 'money'::regtype
