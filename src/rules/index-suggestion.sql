-- An index would make the recorded workload cheaper
--
-- category: index
-- severity: warning
-- inputs: suggestions
-- gives way to: fk-missing-index
-- what: What advisor.suggest_indexes() suggests to create for the recorded workload, a finding per index.
-- why: Statements read or sort more rows than an index would fetch for them.
-- detection: By planning the recorded statements with and without the index, with 5 seconds for the search. It makes the
--   whole workload cheaper by min_improvement or more; a notice below notice_below. An index that fk-missing-index wants is reported there.
-- caution: Costs are the planner's; what it does not know (a cache, a lock) is not in them. The workload is what was
--   recorded since the last reset.
-- fix: CREATE INDEX CONCURRENTLY: reads and writes go on, it waits for older transactions. The undo drops the index.
-- threshold: min_improvement 0.02 share of the workload's cost from which an index is reported; advisor.index_suggestions has all
-- threshold: notice_below 0.05 share of the workload's cost below which it is a notice only
SELECT 'pg_class'::regclass AS classid, relation AS objid, 0 AS objsubid,
       CASE WHEN improvement < :notice_below THEN 'notice' ELSE 'warning' END AS severity,
       format('An index on %s would save %s %% of the workload''s cost', substring(ddl FROM '\sON (?:ONLY )?([^;]+)'),
              round((100 * improvement)::numeric, 1)) AS title,
       reason AS detail,
       jsonb_build_object('rank', rank, 'index_bytes', index_bytes, 'improvement', improvement,
                          'time_saved', time_saved, 'write_overhead', write_overhead, 'queryids', queryids) AS evidence,
       time_saved AS impact, ddl AS fix, undo
FROM suggestions
WHERE action = 'create' AND improvement >= :min_improvement
