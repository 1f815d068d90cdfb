-- Index on a column with a handful of frequent values
--
-- category: index
-- severity: notice
-- inputs: tables, columns, indexes, fks, redundant
-- what: A B-tree index on nothing but a column of few values, each of which many rows have.
-- why: A scan for any of the values reads so many rows all over the table that reading the whole table is cheaper, and every write
--   maintains the index.
-- detection: By statistics: at most most_values values, all of them known, each in at least rare_share of the rows, nulls too if there are any; a correlation
--   with the order of the table below 0.9; min_bytes in size. Not unique ones, nor what finds a foreign key, nor
--   partial indexes, nor with INCLUDE, nor what another rule gives up.
-- caution: Counting rows by the index alone, or combining it with others, may be what it is for: its scans tell. A value that
--   is rare at times only (a queue that is mostly empty) shows in the statistics only then.
-- fix: None: where one value is what queries look for, a partial index WHERE column = value, on a column they also need, is smaller and better; where
--   nothing uses the index, DROP INDEX CONCURRENTLY. advisor.evaluate_indexes tells what the recorded statements would cost without it.
-- threshold: most_values 5 values
-- threshold: rare_share 0.05 share of the rows below which a value is worth an index
-- threshold: min_bytes 10485760 bytes from which an index is reported
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, i.bytes AS weight,
       format('Index %s is on a column of %s', i.identity, advisor.counted(c.n_distinct, 'value')) AS title,
       format('Each value of %s.%I is in at least %s %% of the %s: a scan for one of them reads much of the table. The index takes %s; %s of it, and %s inserted and %s updated rows that had to be entered, since statistics were reset. advisor.evaluate_indexes(''{}'', ARRAY[%L]::regclass[]) tells what the recorded statements would cost without it.',
              t.identity, c.name, round((100 * m.least)::numeric, 1), advisor.counted(t.rows, 'row'),
              pg_size_pretty(i.bytes::bigint), advisor.counted(i.scans, 'scan'), to_char(t.inserts, 'FM999,999,999,999,990'),
              to_char(t.updates - t.hot_updates, 'FM999,999,999,999,990'), i.identity) AS detail,
       jsonb_build_object('bytes', i.bytes, 'scans', i.scans, 'values', c.n_distinct, 'least_share', m.least, 'null_share', c.null_frac,
                          'rows', t.rows, 'inserts', t.inserts, 'not_hot_updates', t.updates - t.hot_updates) AS evidence
FROM indexes i
JOIN tables t ON t.relid = i.relid
JOIN columns c ON c.relid = i.relid AND c.attnum = i.keys[1]
JOIN pg_stats s ON s.schemaname = t.schema AND s.tablename = t.name AND s.attname = c.name AND s.inherited = (t.kind = 'p')
CROSS JOIN LATERAL (SELECT min(f) AS least, sum(f) AS together, count(*) AS listed FROM unnest(s.most_common_freqs) f) m
WHERE i.am = 'btree' AND i.is_valid AND cardinality(i.keys) = 1 AND cardinality(i.include) = 0 AND i.predicate IS NULL
  AND NOT i.is_unique AND NOT i.replica_identity AND NOT i.clustered AND i.constraint_oid IS NULL
  AND t.rows >= 0 AND i.bytes >= :min_bytes
  AND c.n_distinct BETWEEN 1 AND :most_values AND m.listed = c.n_distinct AND m.together + c.null_frac >= 0.99
  AND m.least >= :rare_share AND (c.null_frac = 0 OR c.null_frac >= :rare_share) AND coalesce(abs(c.correlation), 1) < 0.9
  AND NOT EXISTS (SELECT FROM fks f WHERE f.relid = i.relid AND f.columns @> ARRAY[i.keys[1]])
  AND NOT EXISTS (SELECT FROM redundant r WHERE r.indexrelid = i.indexrelid)
