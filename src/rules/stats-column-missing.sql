-- Columns without statistics in a table that has them
--
-- category: maintenance
-- severity: notice
-- inputs: tables, columns
-- what: Columns that were added, or were given another type, after the last ANALYZE of their table.
-- why: ALTER COLUMN ... TYPE throws the statistics of the column away, and a new column has none. The planner guesses until
--   the next ANALYZE, which autovacuum does not start for a change of the definition.
-- detection: Other columns of the table have statistics and this one has not, by pg_stats; only columns that you may read,
--   whose statistics target is not 0, and of types that the server itself analyses (an extension may find nothing to say of its
--   own), in tables of at least min_rows rows.
-- caution: Right after a migration ANALYZE may be under way.
-- fix: ANALYZE of these columns: it reads a sample, reads and writes go on. There is nothing to take back.
-- threshold: min_rows 1000 rows below which nothing is reported
WITH known AS (
    SELECT c.relid FROM columns c WHERE c.null_frac IS NOT NULL GROUP BY c.relid
), missing AS (
    SELECT c.relid, array_agg(c.name ORDER BY c.attnum) AS names, string_agg(quote_ident(c.name), ', ' ORDER BY c.attnum) AS list
    FROM columns c JOIN known k ON k.relid = c.relid
    JOIN pg_attribute a ON a.attrelid = c.relid AND a.attnum = c.attnum
    JOIN pg_type y ON y.oid = c.base
    LEFT JOIN pg_proc p ON p.oid = y.typanalyze
    WHERE c.null_frac IS NULL AND c.generated <> 'v' AND coalesce(a.attstattarget, -1) <> 0
      AND has_column_privilege(c.relid, c.attnum, 'SELECT')
      AND (p.oid IS NULL OR p.pronamespace = 'pg_catalog'::regnamespace)
    GROUP BY c.relid
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid, t.bytes AS weight,
       format('%s of %s without statistics', advisor.counted(cardinality(m.names), 'column'), t.identity) AS title,
       format('%s: added or given another type since the last ANALYZE%s. The table has %s.', m.list,
              coalesce(' (' || date_trunc('second', t.analyzed) || ')', ''), advisor.counted(t.rows, 'row')) AS detail,
       jsonb_build_object('columns', m.names, 'rows', t.rows, 'analyzed', t.analyzed) AS evidence,
       format('ANALYZE %s (%s);', t.identity, m.list) AS fix, '-- Statistics only: there is nothing to take back.' AS undo
FROM missing m JOIN tables t ON t.relid = m.relid
WHERE t.kind IN ('r', 'm') AND t.rows >= :min_rows
