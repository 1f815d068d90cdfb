-- A prepared transaction that nobody ends
--
-- category: maintenance
-- severity: warning
-- what: A transaction of this database that was prepared for two-phase commit a while ago and is neither committed nor
--   rolled back.
-- why: It keeps its locks, over restarts, and vacuum removes no row that it could still see, in any table of the database.
-- detection: pg_prepared_xacts: prepared min_minutes ago or earlier; critical from critical_minutes on.
-- caution: Ask the transaction manager first: rolling back what it has decided to commit loses that part of the transaction.
-- fix: No script: only the transaction manager knows whether it is to be committed or rolled back.
-- threshold: min_minutes 60 minutes from which it is reported
-- threshold: critical_minutes 1440 minutes from which it is critical
WITH prepared AS (
    SELECT x.gid, x.owner, x.prepared, extract(epoch FROM now() - x.prepared) / 60 AS minutes,
           (SELECT count(*) FROM pg_locks l WHERE l.virtualtransaction = '-1/' || x.transaction AND l.locktype = 'relation') AS relations
    FROM pg_prepared_xacts x
    WHERE x.database = current_database() AND (pg_has_role(x.owner, 'USAGE') OR pg_has_role('pg_read_all_stats', 'USAGE'))
)
SELECT format('prepared transaction %s', quote_literal(gid)) AS object, minutes AS weight,
       CASE WHEN minutes >= :critical_minutes THEN 'critical' ELSE 'warning' END AS severity,
       format('Prepared transaction %s of %I has waited since %s', quote_literal(gid), owner, date_trunc('second', prepared)) AS title,
       format('It holds locks on %s, and vacuum keeps what was deleted since. COMMIT PREPARED or ROLLBACK PREPARED %s, as its transaction manager says.',
              advisor.counted(relations, 'relation'), quote_literal(gid)) AS detail,
       jsonb_build_object('gid', gid, 'owner', owner, 'prepared', prepared, 'locked_relations', relations) AS evidence
FROM prepared
WHERE minutes >= :min_minutes
