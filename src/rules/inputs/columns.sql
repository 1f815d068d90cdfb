-- Live columns of the tables, with what statistics say of them
--
-- inputs: tables
-- what: relid, attnum, name, type (oid), type_name (with its modifier), typmod, not_null, identity (attidentity),
--   generated (attgenerated), default_text, collation; null_frac, avg_width, n_distinct (as in pg_stats),
--   correlation: null where there are none, or where the caller may not read the column; base (type below all
--   domains)
WITH RECURSIVE domains (oid, base) AS (
    SELECT t.oid, t.typbasetype FROM pg_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT d.oid, t.typbasetype FROM domains d JOIN pg_type t ON t.oid = d.base AND t.typtype = 'd'
)
SELECT a.attrelid AS relid, a.attnum, a.attname::text AS name, a.atttypid AS type,
       format_type(a.atttypid, a.atttypmod) AS type_name, a.atttypmod AS typmod, a.attnotnull AS not_null,
       a.attidentity AS identity, a.attgenerated AS generated, pg_get_expr(d.adbin, d.adrelid) AS default_text,
       a.attcollation AS collation,
       s.null_frac::float8 AS null_frac, s.avg_width, s.n_distinct::float8 AS n_distinct,
       s.correlation::float8 AS correlation, coalesce(b.base, a.atttypid) AS base
FROM tables t
JOIN pg_attribute a ON a.attrelid = t.relid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_stats s ON s.schemaname = t.schema AND s.tablename = t.name AND s.attname = a.attname
                    AND s.inherited = (t.kind = 'p')
LEFT JOIN domains b ON b.oid = a.atttypid
                   AND NOT EXISTS (SELECT FROM pg_type u WHERE u.oid = b.base AND u.typtype = 'd')
