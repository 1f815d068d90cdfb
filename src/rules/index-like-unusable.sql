-- An index that LIKE 'prefix%' cannot use
--
-- category: index
-- severity: warning
-- inputs: tables, indexes, scans, suggestions, column_usage
-- what: A column that is searched with LIKE 'prefix%' and has a B-tree index, which cannot be used because it sorts by
--   a language.
-- why: In a collation other than C, the values with one prefix do not stand together; the table is read from end to end although an index seems to
--   be there.
-- detection: The recorded query compares the plain column with LIKE and a pattern with a fixed start, no index on the
--   column has the pattern operator class or collation C, and its scans of the table are a hot spot.
-- caution: Patterns that reach the server as parameters are judged by the values that were seen.
-- fix: What the index advice suggests for the query, if it does: an index with text_pattern_ops, beside the old one
--   if that serves sorting or comparing.
WITH usable AS (
    SELECT x.indrelid AS relid, x.indkey[0] AS attnum,
           bool_or(o.opcname ~ '_pattern_ops$' OR coalesce(c.collcollate IN ('C', 'POSIX'), false)
                   OR (c.collprovider = 'd' AND d.datcollate IN ('C', 'POSIX') AND d.datlocprovider <> 'i')) AS for_prefix
    FROM pg_index x
    JOIN pg_class r ON r.oid = x.indexrelid
    JOIN pg_am m ON m.oid = r.relam AND m.amname = 'btree'
    JOIN pg_opclass o ON o.oid = x.indclass[0]
    LEFT JOIN pg_collation c ON c.oid = x.indcollation[0]
    JOIN pg_database d ON d.datname = current_database()
    WHERE x.indisvalid
    GROUP BY x.indrelid, x.indkey[0]
)
SELECT 'query ' || u.queryid AS object,
       format('LIKE ''prefix%%'' on %s.%I cannot use index %s', t.identity, u.column, min(i.identity)) AS title,
       format('Query %s looks for rows by a prefix of %s.%I. Index %s sorts by the collation %s, in which they do not stand together, so the table is scanned: %s read in %s. '
              'An index with the operator class text_pattern_ops (or COLLATE "C") can be used.',
              u.queryid, t.identity, u.column, min(i.identity), quote_ident(min(c.collname)),
              advisor.counted(max(s.rows_read), 'row'), advisor.counted(max(u.calls), 'call')) AS detail,
       jsonb_build_object('relation', t.identity, 'column', u.column, 'index', min(i.identity), 'calls', max(u.calls), 'rows_read', max(s.rows_read)) AS evidence,
       max(s.est_time) AS impact, min(g.ddl) AS fix, min(g.undo) AS undo
FROM column_usage u
JOIN tables t ON t.relid = u.relation
JOIN indexes i ON i.relid = u.relation AND i.keys[1] = u.attnum AND i.is_valid AND i.am = 'btree'
JOIN usable b ON b.relid = u.relation AND b.attnum = u.attnum AND NOT b.for_prefix
JOIN pg_collation c ON c.oid = u.collation_id
JOIN scans s ON s.relation = u.relation AND s.queryid = u.queryid AND s.severity <> 'ok'
LEFT JOIN suggestions g ON g.relation = u.relation AND g.action = 'create' AND u.queryid = ANY (g.queryids)
                       AND g.ddl ~ '_pattern_ops|COLLATE "C"'
WHERE u.place = 'condition' AND u.wrapper IS NULL AND u.operator = '~~' AND u.pattern = 'prefix'
GROUP BY u.queryid, u.relation, t.identity, u.column
