-- A trigger for each row that takes much of the time
--
-- category: schema
-- severity: notice
-- inputs: tables
-- what: The function of an AFTER ... FOR EACH ROW trigger in which much of this database's time is spent.
-- why: It is called once for each row that a statement changes. A trigger FOR EACH STATEMENT with transition tables does the
--   same for all of them by one statement.
-- detection: pg_stat_user_functions: at least min_calls calls that took min_ms in all and min_share of the active time of
--   the database since its statistics were reset. Counted only where track_functions is pl or all. Not constraint triggers,
--   which have no transition tables, and not BEFORE triggers, which may change the row.
-- caution: The function may be called by others than the trigger: its time is counted all the same. Statements of single rows gain
--   nothing.
-- fix: No script: the function has to be written anew, over the transition tables.
-- threshold: min_calls 1000 calls from which it is reported
-- threshold: min_ms 10000 ms in all from which it is reported
-- threshold: min_share 0.1 share of the active time of the database
WITH triggers AS (
    SELECT t.tgfoid, string_agg(format('%I on %s', t.tgname, r.identity), ', ' ORDER BY r.identity, t.tgname) AS names
    FROM pg_trigger t JOIN tables r ON r.relid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgconstraint = 0 AND t.tgenabled <> 'D'
      AND t.tgtype & 1 = 1 AND t.tgtype & (2 | 64) = 0 -- for each row; neither before nor instead
    GROUP BY t.tgfoid
), active AS (
    SELECT d.active_time FROM pg_stat_database d WHERE d.datname = current_database()
)
SELECT 'pg_proc'::regclass AS classid, f.funcid AS objid, 0 AS objsubid,
       format('%I.%I, called for each row, takes %s %% of the time of this database', f.schemaname, f.funcname,
              round((100 * f.total_time / a.active_time)::numeric, 1)) AS title,
       format('%s took %s ms in all, %s ms each. It is the function of: %s.', advisor.counted(f.calls, 'call'),
              to_char(f.total_time, 'FM999,999,999,999,990'), round((f.total_time / f.calls)::numeric, 3), g.names) AS detail,
       jsonb_build_object('calls', f.calls, 'total_time', f.total_time, 'active_time', a.active_time) AS evidence, f.total_time AS impact
FROM triggers g JOIN pg_stat_user_functions f ON f.funcid = g.tgfoid, active a
WHERE f.calls >= :min_calls AND f.total_time >= :min_ms AND f.total_time >= :min_share * a.active_time AND a.active_time > 0
