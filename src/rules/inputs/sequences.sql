-- Sequences: a row per column that takes its values from one, and one for a sequence that no column uses
--
-- inputs: tables
-- what: seqrelid, identity (quoted), relid and attnum (column whose default or identity it is; null: none), owner_relid
--   and owner_attnum (column it is dropped with; null: none), users (number of columns that take values from it), type,
--   start, increment, min_value, max_value, cycle; last_value: null where nothing was taken yet, where the caller may
--   not read it, or where it is not among the 1000 that feed the largest tables (reading one locks it against ALTER
--   SEQUENCE up to the end of the transaction)
WITH seen AS (
    SELECT s.*, c.relnamespace, c.relname, c.relpersistence, format('%I.%I', n.nspname, c.relname) AS identity
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), owned AS (
    SELECT d.objid AS seqrelid, d.refobjid AS relid, d.refobjsubid AS attnum, d.deptype
    FROM seen s JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.objsubid = 0
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
), fed AS (
    SELECT o.seqrelid, o.relid, o.attnum FROM owned o WHERE o.deptype = 'i'
    UNION
    SELECT s.seqrelid, a.adrelid, a.adnum
    FROM seen s JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = s.seqrelid
    JOIN pg_attrdef a ON d.classid = 'pg_attrdef'::regclass AND a.oid = d.objid
), largest AS MATERIALIZED (
    SELECT s.seqrelid
    FROM seen s LEFT JOIN fed f ON f.seqrelid = s.seqrelid LEFT JOIN tables t ON t.relid = f.relid
    WHERE has_sequence_privilege(s.seqrelid, 'SELECT, USAGE') AND (s.relpersistence = 'p' OR NOT pg_is_in_recovery())
    GROUP BY s.seqrelid
    ORDER BY max(greatest(t.rows, t.inserts)) DESC NULLS LAST, s.seqrelid
    LIMIT 1000
), positions AS MATERIALIZED (
    SELECT l.seqrelid, pg_sequence_last_value(l.seqrelid) AS last_value FROM largest l
)
SELECT s.seqrelid, s.identity, t.relid, CASE WHEN t.relid IS NOT NULL THEN f.attnum END AS attnum,
       o.relid AS owner_relid, o.attnum AS owner_attnum,
       coalesce(f.users, 0) AS users,
       s.seqtypid AS type, s.seqstart AS start, s.seqincrement AS increment, s.seqmin AS min_value,
       s.seqmax AS max_value, s.seqcycle AS cycle, p.last_value
FROM seen s
LEFT JOIN (SELECT d.*, count(*) OVER (PARTITION BY d.seqrelid) AS users FROM fed d) f ON f.seqrelid = s.seqrelid
LEFT JOIN tables t ON t.relid = f.relid
LEFT JOIN owned o ON o.seqrelid = s.seqrelid
LEFT JOIN positions p ON p.seqrelid = s.seqrelid
WHERE t.relid IS NOT NULL OR f.relid IS NULL
