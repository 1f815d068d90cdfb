-- Index advice on the recorded workload
--
-- inputs: workload_advice, tables
-- what: the columns of advisor.suggest_indexes(), with scripts that end in a semicolon; of tables that the caller may
--   see: a statement of his own may have read others through a view
SELECT w.rank, w.action, w.target AS relation, w.access_method, regexp_replace(w.ddl, ';?\s*$', ';') AS ddl,
       regexp_replace(w.undo, ';?\s*$', ';') AS undo, w.index_bytes, w.cost_before, w.cost_after, w.improvement,
       w.time_saved, w.write_overhead, w.statements, w.queryids, w.reason
FROM workload_advice w JOIN tables t ON t.relid = coalesce(pg_partition_root(w.target), w.target)
WHERE w.rank IS NOT NULL
