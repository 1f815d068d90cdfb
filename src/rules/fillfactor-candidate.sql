-- Updates find no room on their page
--
-- category: structure
-- severity: notice
-- inputs: tables, indexes, statements, column_usage
-- what: A table most of whose updates change no indexed column and yet are not heap-only.
-- why: Such an update writes a new entry into every index. Heap-only (HOT) updates do not, but the new row version has
--   to fit on the page of the old one, and pages that are filled to the brim have no room.
-- detection: At least min_updates updates since statistics were reset, at least as many as inserts; less than max_hot_ratio of them heap-only; at
--   least 90 % of them recorded as UPDATE statements, none of which sets a column of an index; no expression or partial index; no
--   fillfactor set yet.
-- caution: Long transactions also keep pages full, because row versions that they may need cannot be pruned.
-- fix: fillfactor 85 leaves room on pages that are filled from now on; SHARE UPDATE EXCLUSIVE for a moment, nothing is
--   rewritten. The table will take about 18 % more pages for rows that are inserted then.
-- threshold: min_updates 10000 updates from which a table is reported
-- threshold: max_hot_ratio 0.8 share of heap-only updates from which it is not
WITH settings AS (
    SELECT DISTINCT u.relation, u.queryid, u.attnum FROM column_usage u WHERE u.place = 'set'
), recorded AS (
    SELECT s.relation, sum(q.rows) AS rows
    FROM (SELECT DISTINCT relation, queryid FROM settings) s
    JOIN (SELECT queryid, sum(rows) AS rows FROM statements WHERE query ~* '^\s*update\s' GROUP BY queryid) q ON q.queryid = s.queryid
    GROUP BY s.relation
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, 0 AS objsubid, t.updates - t.hot_updates AS weight,
       format('%s %% of the updates of %s find no room on their page', round((100 * (1 - t.hot_updates / t.updates))::numeric, 1), t.identity) AS title,
       format('Of %s since statistics were reset %s were heap-only, although no recorded UPDATE sets an indexed column. '
              'The others wrote a new entry into each of the %s.',
              advisor.counted(t.updates, 'update'), to_char(t.hot_updates, 'FM999,999,999,999,990'), advisor.counted(x.count, 'index', 'indexes')) AS detail,
       jsonb_build_object('updates', t.updates, 'hot_updates', t.hot_updates, 'inserts', t.inserts, 'recorded', r.rows, 'indexes', x.count) AS evidence,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s SET (fillfactor = 85);\nRESET lock_timeout;', t.identity) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s RESET (fillfactor);\nRESET lock_timeout;', t.identity) AS undo
FROM tables t
JOIN recorded r ON r.relation = t.relid
CROSS JOIN LATERAL (SELECT count(*) FROM indexes i WHERE i.relid = t.relid) x
WHERE t.kind = 'r' AND t.updates >= :min_updates AND t.updates >= t.inserts AND x.count > 0
  AND t.hot_updates < :max_hot_ratio * t.updates AND r.rows >= 0.9 * t.updates
  AND NOT coalesce(array_to_string(t.options, ',') ~ 'fillfactor', false)
  AND NOT EXISTS (SELECT FROM indexes i WHERE i.relid = t.relid
                  AND (i.has_expressions OR i.predicate IS NOT NULL
                       OR EXISTS (SELECT FROM settings s WHERE s.relation = t.relid AND (s.attnum = ANY (i.keys) OR s.attnum = ANY (i.include)))))
