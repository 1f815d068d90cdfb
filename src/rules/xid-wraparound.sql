-- Table that comes near transaction id wraparound
--
-- category: maintenance
-- severity: warning
-- inputs: tables
-- what: A table (or one of its partitions, or its TOAST table) whose oldest unfrozen transaction or multixact id is far behind.
-- why: At 2^31 transactions the server stops assigning ids, and with that every write, until the table is vacuumed.
-- detection: age(relfrozenxid) and mxid_age(relminmxid) as a share of 2^31: a warning from warning_share on,
--   critical from critical_share on. Autovacuum begins to freeze at autovacuum_freeze_max_age, a tenth by default, so that a table
--   gets there only where something keeps it from doing so.
-- caution: A vacuum against wraparound may be under way: pg_stat_progress_vacuum shows it.
-- fix: VACUUM (FREEZE) of the table: it reads and rewrites much, reads and writes go on. It freezes nothing that is younger than the oldest
--   transaction, prepared transaction or replication slot: end those first. There is nothing to take back.
-- threshold: warning_share 0.4 share of 2^31 from which it is a warning
-- threshold: critical_share 0.75 share of 2^31 from which it is critical
WITH RECURSIVE parts (root, relid) AS (
    SELECT t.relid, t.relid FROM tables t
    UNION ALL
    SELECT p.root, h.inhrelid
    FROM parts p JOIN pg_class k ON k.oid = p.relid AND k.relkind = 'p' JOIN pg_inherits h ON h.inhparent = p.relid
), stores AS (
    SELECT p.root, r.oid, r.relfrozenxid, r.relminmxid
    FROM parts p JOIN pg_class c ON c.oid = p.relid AND c.relkind IN ('r', 'm')
    CROSS JOIN LATERAL (SELECT c.oid, c.relfrozenxid, c.relminmxid
                        UNION ALL
                        SELECT o.oid, o.relfrozenxid, o.relminmxid FROM pg_class o WHERE o.oid = c.reltoastrelid) r
    WHERE r.relfrozenxid <> '0'
), ages AS (
    SELECT root, max(age(relfrozenxid)) AS xid_age, max(mxid_age(relminmxid)) AS mxid_age,
           greatest(max(age(relfrozenxid)), max(mxid_age(relminmxid))) / 2147483648.0 AS share
    FROM stores GROUP BY root
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid, a.share AS weight,
       CASE WHEN a.share >= :critical_share THEN 'critical' ELSE 'warning' END AS severity,
       format('%s has used up %s %% of the transaction ids', t.identity, round((100 * a.share)::numeric, 1)) AS title,
       format('Its oldest unfrozen transaction is %s transactions back, its oldest multixact %s; writes stop at 2,147,483,648. Autovacuum freezes from %s on (autovacuum_freeze_max_age): look what keeps it from that, in pg_stat_progress_vacuum and at old transactions, prepared transactions and replication slots.',
              to_char(a.xid_age, 'FM999,999,999,999,990'), to_char(a.mxid_age, 'FM999,999,999,999,990'),
              to_char(current_setting('autovacuum_freeze_max_age')::bigint, 'FM999,999,999,999,990')) AS detail,
       jsonb_build_object('xid_age', a.xid_age, 'mxid_age', a.mxid_age, 'share', a.share, 'bytes', t.bytes) AS evidence,
       format('VACUUM (FREEZE) %s;', t.identity) AS fix, '-- Frozen rows read as before: there is nothing to take back.' AS undo
FROM ages a JOIN tables t ON t.relid = a.root
WHERE a.share >= :warning_share
