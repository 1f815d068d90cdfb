-- What was loaded.
SELECT c.relname AS "table", to_char(c.reltuples, 'FM999,999,999') AS rows, pg_size_pretty(pg_table_size(c.oid)) AS size,
       coalesce(string_agg(pg_get_indexdef(i.indexrelid, 1, true) || ' (' ||
           CASE WHEN i.indisprimary THEN 'primary key' WHEN i.indisunique THEN 'unique' ELSE 'index' END || ')', ', '), '') AS indexed
FROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
GROUP BY c.oid, c.relname, c.reltuples
ORDER BY c.reltuples DESC;
