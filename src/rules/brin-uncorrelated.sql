-- BRIN index on a column that does not follow the order of the table
--
-- category: index
-- severity: notice
-- inputs: tables, columns, indexes
-- what: A BRIN index with the smallest and largest value of each block range, on a column whose values are all over the table.
-- why: Every range has nearly the whole span of values, so that a scan skips next to nothing and reads the table all the same.
-- detection: A correlation of the order of values and rows between -most_correlation and most_correlation; at least min_distinct_share of the
--   values differ (a column that is loaded in runs of one value may be clustered without being sorted); an operator class of
--   the minmax kind, other than minmax_multi; min_ranges block ranges or more.
-- caution: Correlation is measured over the whole table: values that are sorted within each of many stretches look unsorted. EXPLAIN ANALYZE
--   shows "Rows Removed by Index Recheck".
-- fix: None: a B-tree where queries look for few rows, or drop it.
-- threshold: most_correlation 0.5 correlation above which the index is left alone
-- threshold: min_distinct_share 0.1 share of the rows that differ
-- threshold: min_ranges 100 block ranges
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, t.bytes AS weight,
       format('BRIN index %s can skip next to nothing', i.identity) AS title,
       format('The values of %s.%I do not follow the order of the rows: correlation %s, %s different ones in %s. %s of the index since statistics were reset.',
              t.identity, c.name, round(c.correlation::numeric, 2),
              to_char(d.count, 'FM999,999,999,999,990'), advisor.counted(t.rows, 'row'),
              advisor.counted(i.scans, 'scan')) AS detail,
       jsonb_build_object('correlation', c.correlation, 'distinct', d.count, 'rows', t.rows, 'scans', i.scans, 'bytes', i.bytes,
                          'block_ranges', floor(t.pages / r.pages)) AS evidence
FROM indexes i
JOIN tables t ON t.relid = i.relid
JOIN columns c ON c.relid = i.relid AND c.attnum = i.keys[1]
JOIN pg_index x ON x.indexrelid = i.indexrelid
JOIN pg_opclass o ON o.oid = x.indclass[0]
CROSS JOIN LATERAL (SELECT CASE WHEN c.n_distinct < 0 THEN -c.n_distinct * t.rows ELSE c.n_distinct END AS count) d
CROSS JOIN LATERAL (SELECT coalesce((SELECT p.option_value::float8 FROM pg_options_to_table(i.options) p
                                     WHERE p.option_name = 'pages_per_range'), 128) AS pages) r
WHERE i.am = 'brin' AND i.is_valid AND cardinality(i.keys) = 1 AND t.kind IN ('r', 'm') AND t.rows > 0
  AND o.opcname ~ '_minmax_ops$' AND abs(c.correlation) <= :most_correlation
  AND d.count >= :min_distinct_share * t.rows AND t.pages >= :min_ranges * r.pages
