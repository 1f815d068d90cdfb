-- A large B-tree where a BRIN index would do
--
-- category: index
-- severity: notice
-- inputs: tables, columns, indexes, statements, column_usage
-- what: A large B-tree on a column in whose order the table lies, used only to read ranges of many rows.
-- why: A BRIN index on such a column has a few pages and next to no upkeep, and reads the same blocks for a wide range.
-- detection: A plain index on one column, not unique, of at least min_index_bytes; absolute correlation at least 0.95; rows
--   do not move (updates that are not heap-only, and deletes, below 5 % of the inserts); every recorded condition on the column is a
--   range, none sorts by it, and each such statement returns at least min_rows rows a call.
-- caution: Correlation is that of the last ANALYZE. A query that the recorder has not seen may want single rows.
-- fix: Creates the BRIN index beside the B-tree. Drop the B-tree once the plans of your queries are as you want them.
-- threshold: min_index_bytes 104857600 size of the B-tree from which it is reported
-- threshold: min_rows 1000 rows that each statement returns on average
WITH ranges AS (
    SELECT u.relation, u.attnum,
           bool_and(u.place IN ('condition', 'output', 'group') AND u.wrapper IS NULL
                    AND (u.place <> 'condition' OR (u.operator IN ('<', '<=', '>=', '>') AND u.other IN ('constant', 'parameter', 'stable')))) AS only_ranges,
           array_agg(DISTINCT u.queryid) FILTER (WHERE u.place = 'condition') AS queryids
    FROM column_usage u GROUP BY u.relation, u.attnum
), counted AS (
    SELECT queryid, sum(rows) AS rows, sum(calls) AS calls FROM statements GROUP BY queryid
)
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, i.bytes AS weight,
       format('A BRIN index could stand for %s (%s)', i.identity, pg_size_pretty(i.bytes::bigint)) AS title,
       format('The %s of %s lie in the order of %I (correlation %s), and the %s recorded calls that compare it read ranges, %s each on average.',
              advisor.counted(t.rows, 'row'), t.identity, c.name, round(c.correlation::numeric, 3),
              to_char(q.calls, 'FM999,999,999,999,990'), advisor.counted(q.rows / q.calls, 'row')) AS detail,
       jsonb_build_object('bytes', i.bytes, 'correlation', c.correlation, 'calls', q.calls, 'rows', q.rows, 'queryids', r.queryids) AS evidence,
       format('CREATE INDEX CONCURRENTLY %I ON %s USING brin (%I) WITH (autosummarize = on);', n.name, t.identity, c.name) AS fix,
       format('DROP INDEX CONCURRENTLY %I.%I;', t.schema, n.name) AS undo
FROM tables t
JOIN indexes i ON i.relid = t.relid AND i.am = 'btree' AND cardinality(i.keys) = 1 AND NOT i.is_unique AND i.is_valid
              AND i.constraint_oid IS NULL AND i.predicate IS NULL AND NOT i.has_expressions AND NOT i.replica_identity AND NOT i.clustered
JOIN columns c ON c.relid = t.relid AND c.attnum = i.keys[1] AND abs(c.correlation) >= 0.95
JOIN ranges r ON r.relation = t.relid AND r.attnum = c.attnum AND r.only_ranges
CROSS JOIN LATERAL (SELECT sum(s.calls) AS calls, sum(s.rows) AS rows, bool_and(s.rows >= :min_rows * s.calls) AS wide
                    FROM counted s WHERE s.queryid = ANY (r.queryids)) q
CROSS JOIN LATERAL (SELECT left(t.name || '_' || c.name, 54) || '_brin_idx' AS name) n
WHERE t.kind = 'r' AND t.rows > 0 AND i.bytes >= :min_index_bytes AND q.calls > 0 AND q.wide
  AND t.updates - t.hot_updates + t.deletes <= 0.05 * t.inserts
  AND EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
              WHERE m.amname = 'brin' AND o.opcdefault AND o.opcintype = c.type)
  AND NOT EXISTS (SELECT FROM indexes b WHERE b.relid = t.relid AND b.am = 'brin' AND c.attnum = ANY (b.keys))
  AND NOT EXISTS (SELECT FROM pg_class x WHERE x.relname = n.name AND x.relnamespace = to_regnamespace(quote_ident(t.schema)))
