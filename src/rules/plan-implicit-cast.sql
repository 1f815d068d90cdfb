-- A cast of the column keeps a query from using its index
--
-- category: query
-- severity: warning
-- inputs: tables, indexes, scans, column_usage
-- what: A condition that casts an indexed column to the type of what it is compared with, in a statement that reads the
--   table sequentially.
-- why: The index is on the column, not on the cast, so every row is read and cast. It comes from drivers that send a number
--   as numeric or a string as another type, and from col::date = ... .
-- detection: The recorded query has the cast, a valid B-tree or hash index starts with the column, and its scans of the
--   table are a hot spot by advisor.seq_scan_hotspots.
-- caution: Conversions that B-tree understands (int to bigint, varchar to text, date to timestamptz) are no casts of the
--   column and not reported.
-- fix: No script: the type of the parameter is set in the application (or write the range instead of col::date). An
--   index on the cast helps too where the cast is immutable.
SELECT 'query ' || u.queryid AS object,
       format('A cast of %s.%I keeps query %s from using index %s', t.identity, u.column, u.queryid, min(i.identity)) AS title,
       format('The query compares %s.%I (%s) with a value of type %s, for which the column is cast in every row; index %s is on the column itself. '
              'It ran %s and its scans of the table read %s. Send the value as %s, or compare with a range of the column''s own type.',
              t.identity, u.column, format_type(a.atttypid, a.atttypmod), u.other_type, min(i.identity),
              advisor.counted(max(u.calls), 'time'), advisor.counted(sum(DISTINCT s.rows_read), 'row'),
              format_type(a.atttypid, a.atttypmod)) AS detail,
       jsonb_build_object('relation', t.identity, 'column', u.column, 'column_type', format_type(a.atttypid, a.atttypmod),
                          'compared_with', u.other_type::text, 'calls', max(u.calls), 'indexes', jsonb_agg(DISTINCT i.identity)) AS evidence,
       max(s.est_time) AS impact
FROM column_usage u
JOIN tables t ON t.relid = u.relation
JOIN pg_attribute a ON a.attrelid = u.relation AND a.attnum = u.attnum
JOIN indexes i ON i.relid = u.relation AND i.keys[1] = u.attnum AND i.is_valid AND i.am IN ('btree', 'hash') AND i.predicate IS NULL
JOIN scans s ON s.relation = u.relation AND s.queryid = u.queryid AND s.severity <> 'ok'
WHERE u.place = 'condition' AND u.wrapper = 'cast' AND u.operator IN ('=', '<', '<=', '>', '>=')
  AND u.other IN ('constant', 'parameter', 'stable', 'column')
GROUP BY u.queryid, u.relation, t.identity, u.column, a.atttypid, a.atttypmod, u.other_type
