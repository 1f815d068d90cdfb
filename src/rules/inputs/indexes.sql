-- Indexes of the tables, a partitioned one once
--
-- inputs: tables
-- what: indexrelid, relid, schema, name, identity (quoted), am, is_unique, is_primary, is_exclusion, is_valid,
--   is_ready, replica_identity, clustered, constraint_oid (of the constraint it backs, or null), keys (attnums, 0 for
--   an expression), include (attnums), predicate (text or null), has_expressions, nulls_not_distinct, bytes, scans
--   (since statistics were reset, all parts), options
WITH RECURSIVE parts (root, indexrelid) AS (
    SELECT i.indexrelid, i.indexrelid FROM tables t JOIN pg_index i ON i.indrelid = t.relid
    UNION ALL
    SELECT p.root, h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.indexrelid
), sums AS (
    SELECT p.root, sum(c.relpages::float8) AS pages, sum(pg_stat_get_numscans(c.oid))::float8 AS scans
    FROM parts p JOIN pg_class c ON c.oid = p.indexrelid
    GROUP BY p.root
)
SELECT i.indexrelid, i.indrelid AS relid, n.nspname::text AS schema, c.relname::text AS name,
       format('%I.%I', n.nspname, c.relname) AS identity, am.amname::text AS am,
       i.indisunique AS is_unique, i.indisprimary AS is_primary, i.indisexclusion AS is_exclusion,
       i.indisvalid AS is_valid, i.indisready AS is_ready, i.indisreplident AS replica_identity,
       i.indisclustered AS clustered, k.oid AS constraint_oid,
       (i.indkey::int2[])[0:i.indnkeyatts - 1] AS keys, (i.indkey::int2[])[i.indnkeyatts:] AS include,
       pg_get_expr(i.indpred, i.indrelid) AS predicate, i.indexprs IS NOT NULL AS has_expressions,
       i.indnullsnotdistinct AS nulls_not_distinct,
       s.pages * current_setting('block_size')::float8 AS bytes, s.scans, c.reloptions AS options
FROM tables t
JOIN pg_index i ON i.indrelid = t.relid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = c.relam
JOIN sums s ON s.root = i.indexrelid
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
