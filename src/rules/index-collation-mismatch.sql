-- A query that compares by another collation than the index sorts by
--
-- category: query
-- severity: warning
-- inputs: tables, indexes, scans, column_usage
-- what: A query that scans a table although the column it compares has an index, because the two have different collations.
-- why: A B-tree serves only comparisons in the collation it was made with; the query reads the whole table.
-- detection: The recorded statement compares the column itself, by =, <, <=, > or >=, with a COLLATE or a collation that
--   comes from the other side; every index that begins with the column has another collation; and its sequential scans of the
--   table are a hot spot by advisor.seq_scan_hotspots.
-- caution: Where the order of that collation is what the query needs, the index has to follow the query.
-- fix: None: take COLLATE out of the query, or make an index on the column with COLLATE.
WITH compared AS (
    SELECT u.queryid, u.relation, u.column, u.attnum, u.collation_id, max(u.calls) AS calls
    FROM column_usage u
    WHERE u.place = 'condition' AND u.wrapper IS NULL AND u.operator IN ('=', '<', '<=', '>', '>=') AND u.collation_id IS NOT NULL
    GROUP BY u.queryid, u.relation, u.column, u.attnum, u.collation_id
), indexed AS (
    SELECT i.relid, i.keys[1] AS attnum, min(i.identity) AS identity, array_agg(x.indcollation[0]) AS collations
    FROM indexes i JOIN pg_index x ON x.indexrelid = i.indexrelid
    WHERE i.is_valid AND i.am = 'btree' AND i.predicate IS NULL AND x.indcollation[0] <> 0
    GROUP BY i.relid, i.keys[1]
)
SELECT 'query ' || u.queryid AS object,
       format('Query %s compares %s.%I by collation %s, index %s sorts by another', u.queryid, t.identity, u.column, u.collation_id::regcollation, i.identity) AS title,
       format('The index is by %s. It ran %s, and its scans of the table read %s.', i.collations[1]::regcollation, advisor.counted(u.calls, 'time'),
              advisor.counted(sum(s.rows_read), 'row')) AS detail,
       jsonb_build_object('relation', t.identity, 'column', u.column, 'collation', u.collation_id::regcollation::text, 'index', i.identity,
                          'index_collation', i.collations[1]::regcollation::text, 'calls', u.calls) AS evidence,
       max(s.est_time) AS impact
FROM compared u
JOIN tables t ON t.relid = u.relation
JOIN indexed i ON i.relid = u.relation AND i.attnum = u.attnum AND u.collation_id <> ALL (i.collations)
JOIN scans s ON s.relation = u.relation AND s.queryid = u.queryid AND s.severity <> 'ok'
GROUP BY u.queryid, u.relation, u.column, u.collation_id, u.calls, t.identity, i.identity, i.collations
