-- Rows go to the default partition of a table partitioned by range
--
-- category: structure
-- severity: warning
-- inputs: tables
-- what: A default partition beside range partitions that has rows and receives more.
-- why: A range whose rows lie in the default partition cannot be added: CREATE TABLE ... PARTITION OF and ATTACH PARTITION fail,
--   after reading all of the default partition under ACCESS EXCLUSIVE. It also keeps old rows that no DROP TABLE removes.
-- detection: At least min_rows rows, by the last VACUUM or ANALYZE or else by the cumulative statistics, and at least one insert in the default partition
--   of a table partitioned by RANGE that has other partitions too.
-- caution: Where it is meant to take what has no range, say so: advisor.ignore.
-- fix: No script: which ranges are missing is to be read from the rows. Each is made as a table of its own, filled by DELETE ... RETURNING
--   from the default partition in small batches and attached in the transaction that moves the last rows.
-- threshold: min_rows 1 live rows from which it is reported
WITH RECURSIVE tree AS (
    SELECT t.relid AS root, t.relid FROM tables t WHERE t.kind = 'p'
    UNION ALL
    SELECT r.root, i.inhrelid FROM tree r JOIN pg_inherits i ON i.inhparent = r.relid
    JOIN pg_class c ON c.oid = i.inhrelid AND c.relkind = 'p'
), defaults AS (
    SELECT r.root, p.partrelid, p.partdefid, CASE WHEN c.reltuples >= 0 THEN c.reltuples ELSE pg_stat_get_live_tuples(p.partdefid) END AS live,
           pg_stat_get_tuples_inserted(p.partdefid) AS inserts, format('%I.%I', n.nspname, c.relname) AS identity,
           c.relpages * current_setting('block_size')::float8 AS bytes
    FROM tree r JOIN pg_partitioned_table p ON p.partrelid = r.relid AND p.partstrat = 'r'
    JOIN pg_class c ON c.oid = p.partdefid AND c.relkind = 'r'
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = p.partrelid AND i.inhrelid <> p.partdefid)
)
SELECT 'pg_class'::regclass AS classid, d.partdefid AS objid, 0 AS objsubid, d.live AS weight,
       format('Rows go to %s, the default partition of %s', d.identity, t.identity) AS title,
       format('It has about %s, and %s inserted since statistics were reset. Ranges that '
              'these rows belong to cannot be added as partitions before the rows are moved out.',
              advisor.counted(d.live, 'row'),
              advisor.counted(d.inserts, 'row was', 'rows were')) AS detail,
       jsonb_build_object('rows', d.live, 'inserts', d.inserts, 'bytes', d.bytes, 'table', t.identity) AS evidence
FROM defaults d JOIN tables t ON t.relid = d.root
WHERE d.live >= greatest(1, :min_rows) AND d.inserts > 0
