-- Index advice on the recorded workload
--
-- what: the columns of advisor.suggest_indexes(), with scripts that end in a semicolon
SELECT s.rank, s.action, s.relation, s.access_method, regexp_replace(s.ddl, ';?\s*$', ';') AS ddl,
       regexp_replace(s.undo, ';?\s*$', ';') AS undo, s.index_bytes, s.cost_before, s.cost_after, s.improvement,
       s.time_saved, s.write_overhead, s.statements, s.queryids, s.reason
FROM advisor.suggest_indexes(time_limit => '5 seconds') s
