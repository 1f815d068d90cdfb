-- Updates that change indexed columns
--
-- category: index
-- severity: warning
-- inputs: tables, indexes, column_usage
-- what: A table of which most updates cannot be heap-only, because they set a column that is in an index.
-- why: Such an update writes a new entry into every index of the table and leaves an old one behind in each, that vacuum has to
--   clear; a heap-only one writes none.
-- detection: At least min_updates rows updated since statistics were reset, fewer than most_hot_share of them heap-only, and at least min_call_share of
--   the calls of recorded UPDATE statements on the table set a column of an index that is neither unique nor backs a constraint
--   (keys, INCLUDE, expressions, predicate; from 16 on not of BRIN).
-- caution: Setting a column to the value it has does not count as a change to the server, but does here: look whether the value changes.
--   An index that many queries need is worth it.
-- fix: None: it is a choice between the index and the updates. Leave the column out of the index (INCLUDE counts too), or drop the index; with
--   that, a fillfactor of about 85 keeps room for new versions in the same page.
-- threshold: min_updates 100000 rows updated
-- threshold: most_hot_share 0.2 share of heap-only updates from which it is well
-- threshold: min_call_share 0.5 share of the calls of UPDATE statements that set an indexed column
WITH hot AS (
    SELECT t.* FROM tables t WHERE t.updates >= :min_updates AND t.hot_updates < :most_hot_share * t.updates
), indexed AS ( -- what an index reads: keys and INCLUDE, and by its dependencies what expressions and predicate read
    SELECT i.relid, i.indexrelid, i.identity, i.scans, k.attnum
    FROM indexes i JOIN hot h ON h.relid = i.relid
    CROSS JOIN LATERAL (SELECT unnest(i.keys || i.include)
                        UNION
                        SELECT d.refobjsubid::int2 FROM pg_depend d
                        WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                          AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.relid) k (attnum)
    WHERE k.attnum > 0 AND NOT i.is_unique AND NOT i.is_exclusion AND i.constraint_oid IS NULL
      AND NOT (i.am = 'brin' AND current_setting('server_version_num')::int >= 160000)
), sets AS (
    SELECT DISTINCT u.relation::oid AS relid, u.queryid, u.calls, u.attnum
    FROM column_usage u JOIN hot h ON h.relid = u.relation
    WHERE u.place = 'set'
), shares AS (
    SELECT c.relid, sum(c.calls) AS calls, sum(c.calls) FILTER (WHERE c.touches) AS touching
    FROM (SELECT s.relid, s.queryid, max(s.calls) AS calls,
                 bool_or(EXISTS (SELECT FROM indexed i WHERE i.relid = s.relid AND i.attnum = s.attnum)) AS touches
          FROM sets s GROUP BY s.relid, s.queryid) c
    GROUP BY c.relid
), named AS (
    SELECT i.relid, string_agg(DISTINCT format('%s (%I, %s)', i.identity, a.attname, advisor.counted(i.scans, 'scan')), ', ') AS indexes,
           jsonb_agg(DISTINCT i.identity) AS list
    FROM indexed i JOIN pg_attribute a ON a.attrelid = i.relid AND a.attnum = i.attnum
    WHERE EXISTS (SELECT FROM sets s WHERE s.relid = i.relid AND s.attnum = i.attnum)
    GROUP BY i.relid
)
SELECT 'pg_class'::regclass AS classid, h.relid AS objid, 0 AS objsubid, h.updates - h.hot_updates AS weight,
       format('Updates of %s write into all of its indexes', h.identity) AS title,
       format('%s updated since statistics were reset, %s %% of them heap-only. %s of %s of recorded UPDATE statements set a column of: %s.',
              advisor.counted(h.updates, 'row was', 'rows were'), round((100 * h.hot_updates / h.updates)::numeric, 1),
              to_char(s.touching, 'FM999,999,999,999,990'), advisor.counted(s.calls, 'call'), n.indexes) AS detail,
       jsonb_build_object('updates', h.updates, 'hot_updates', h.hot_updates, 'update_calls', s.calls, 'calls_that_set_indexed', s.touching,
                          'indexes', n.list) AS evidence
FROM hot h JOIN shares s ON s.relid = h.relid JOIN named n ON n.relid = h.relid
WHERE s.touching >= :min_call_share * s.calls
