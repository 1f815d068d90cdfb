-- A table that autovacuum should have vacuumed long ago
--
-- category: maintenance
-- severity: notice
-- inputs: tables
-- what: A table with many times the dead rows at which autovacuum comes.
-- why: Scans read dead rows, index entries for them stay, and the table grows where it could have used their room again. Either
--   the workers do not keep up, or something keeps vacuum from removing the rows.
-- detection: Dead rows by the cumulative statistics, at least min_dead and more than times autovacuum_vacuum_threshold plus
--   autovacuum_vacuum_scale_factor of the rows (storage options of the table count); no vacuum of it runs now. Not tables with
--   autovacuum_enabled = false, which have a rule of their own, nor partitioned ones. A warning where something old holds the rows
--   back: a transaction, a prepared one, or a replication slot.
-- caution: Right after one large DELETE or UPDATE a worker may just be about to come.
-- fix: VACUUM (ANALYZE): reads and writes go on. It removes nothing that an older transaction can still see. There is nothing to take back.
-- threshold: min_dead 10000 dead rows from which it is reported
-- threshold: times 5 how many times over they are
-- threshold: held_minutes 60 minutes after which a transaction is said to hold vacuum back
WITH judged AS (
    SELECT t.*, coalesce((SELECT o.option_value::float8 FROM pg_options_to_table(t.options) o WHERE o.option_name = 'autovacuum_vacuum_threshold'),
                         current_setting('autovacuum_vacuum_threshold')::float8)
                + coalesce((SELECT o.option_value::float8 FROM pg_options_to_table(t.options) o WHERE o.option_name = 'autovacuum_vacuum_scale_factor'),
                           current_setting('autovacuum_vacuum_scale_factor')::float8) * greatest(t.rows, 0) AS due
    FROM tables t
    WHERE t.kind IN ('r', 'm') AND t.dead >= :min_dead
      AND NOT EXISTS (SELECT FROM pg_options_to_table(t.options) o WHERE o.option_name = 'autovacuum_enabled' AND NOT o.option_value::bool)
      AND NOT EXISTS (SELECT FROM pg_locks l
                      WHERE l.locktype = 'relation' AND l.relation = t.relid AND l.mode = 'ShareUpdateExclusiveLock'
                        AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
), holders AS ( -- the oldest first; who may not see a session does not see its age either
    SELECT age(a.backend_xmin) AS age, format('a transaction that session %s began at %s', a.pid, date_trunc('second', a.xact_start)) AS name
    FROM pg_stat_activity a
    WHERE a.backend_xmin IS NOT NULL AND a.pid <> pg_backend_pid() AND a.datname = current_database()
      AND a.xact_start < now() - :held_minutes * interval '1 minute'
    UNION ALL
    SELECT age(x.transaction), format('the prepared transaction %s of %s', quote_literal(x.gid), date_trunc('second', x.prepared))
    FROM pg_prepared_xacts x WHERE x.database = current_database() AND x.prepared < now() - :held_minutes * interval '1 minute'
    UNION ALL
    SELECT age(s.xmin), format('the replication slot %I', s.slot_name)
    FROM pg_replication_slots s WHERE s.xmin IS NOT NULL AND NOT s.active
), holder AS (
    SELECT h.name FROM holders h ORDER BY h.age DESC LIMIT 1
)
SELECT 'pg_class'::regclass AS classid, j.relid AS objid, 0 AS objsubid, j.dead AS weight,
       CASE WHEN h.name IS NULL THEN 'notice' ELSE 'warning' END AS severity,
       format('%s has %s that vacuum should have removed', j.identity, advisor.counted(j.dead, 'dead row')) AS title,
       format('There are %s live ones. Autovacuum should have come at %s; the last vacuum was %s.', to_char(j.live, 'FM999,999,999,999,990'),
              advisor.counted(j.due, 'dead row'), coalesce('at ' || date_trunc('second', j.vacuumed), 'before statistics were reset, if ever'))
       || CASE WHEN current_setting('autovacuum')::bool THEN '' ELSE ' autovacuum is off.' END
       || coalesce(format(' Rows that were deleted since are held back by %s.', h.name), '') AS detail,
       jsonb_build_object('dead', j.dead, 'live', j.live, 'due', j.due, 'vacuumed', j.vacuumed, 'held_back_by', h.name) AS evidence,
       format('VACUUM (ANALYZE) %s;', j.identity) AS fix, '-- Only dead rows are removed: there is nothing to take back.' AS undo
FROM judged j LEFT JOIN holder h ON true
WHERE j.dead > :times * j.due
