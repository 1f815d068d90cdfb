-- Foreign key without an index
--
-- category: index
-- severity: warning
-- inputs: tables, columns, indexes, fks, statements, scans, column_usage, suggestions
-- what: A foreign key whose columns no index of the referencing table finds.
-- why: Deleting a referenced row, or changing its key, has to look for rows that refer to it: without an index by
--   reading the whole referencing table, once for each row, while locks are held. Joins from the referenced table do the same.
-- detection: No valid index that has the columns of the key first, in any order: a B-tree, a GiST index, or a hash index on a
--   single column; not partial, except for IS NOT NULL of these columns. For several columns an index that begins with some of
--   them is enough where it leaves at most enough_rows rows. On a partitioned table every partition has to have one. The
--   referencing table has at least min_rows rows. A warning from warn_rows rows on if rows of the referenced table
--   were deleted since statistics were reset or recorded statements set its key, critical where the look-ups of its triggers were recorded: at least 3 that read
--   critical_rows rows each; otherwise a notice. An index-suggestion of the same
--   script becomes part of it, with the worse severity of both.
-- caution: Where referenced rows are never deleted, keys never change, and no query goes from the referenced table to
--   this one, the index is not needed.
-- fix: CREATE INDEX CONCURRENTLY: reads and writes go on, it waits for older transactions. Where the advice on the recorded
--   statements has a longer index that begins with these columns, that one does both. Of a partitioned table partition by partition; no script where some partitions have the index. The undo drops the index.
-- threshold: min_rows 1000 rows of the referencing table below which nothing is reported
-- threshold: warn_rows 10000 rows of the referencing table from which it is a warning
-- threshold: critical_rows 10000 rows read by each recorded look-up from which it is critical
-- threshold: enough_rows 100 rows that an index on some of the columns may leave
WITH RECURSIVE keys AS (
    SELECT f.conoid, f.name, f.relid, f.target, f.columns, t.identity, t.rows, t.bytes, t.kind, d.identity AS target_identity,
           d.deletes AS target_deletes,
           (SELECT coalesce(sum(u.calls), 0)
            FROM (SELECT DISTINCT u.queryid, u.calls FROM column_usage u
                  WHERE u.relation = f.target AND u.place = 'set' AND u.attnum = ANY (f.target_columns)) u) AS key_updates,
           (SELECT array_agg(c.name ORDER BY k.place) FROM unnest(f.columns) WITH ORDINALITY k (attnum, place)
            JOIN columns c ON c.relid = f.relid AND c.attnum = k.attnum) AS names
    FROM fks f JOIN tables t ON t.relid = f.relid LEFT JOIN tables d ON d.relid = f.target
    WHERE t.rows >= :min_rows AND t.kind IN ('r', 'p')
), parts (conoid, relid) AS (
    SELECT k.conoid, k.relid FROM keys k
    UNION ALL
    SELECT p.conoid, h.inhrelid
    FROM parts p JOIN pg_class c ON c.oid = p.relid AND c.relkind = 'p' JOIN pg_inherits h ON h.inhparent = p.relid
), leaves AS (
    SELECT p.conoid, p.relid FROM parts p JOIN pg_class c ON c.oid = p.relid AND c.relkind = 'r'
), attributes AS (
    SELECT l.conoid, l.relid, a.attnum, a.attname::text AS name, a.attcollation
    FROM leaves l JOIN keys k ON k.conoid = l.conoid
    JOIN pg_attribute a ON a.attrelid = l.relid AND a.attname = ANY (k.names) AND NOT a.attisdropped
), starts AS ( -- how many of the columns each index begins with
    SELECT l.conoid, l.relid, i.indexrelid, m.amname, i.indnkeyatts, cardinality(k.names) AS wanted,
           (SELECT count(*) FROM generate_series(0, i.indnkeyatts - 1) g (n)
            WHERE NOT EXISTS (SELECT FROM generate_series(0, g.n) e (n)
                              WHERE NOT EXISTS (SELECT FROM attributes a
                                                WHERE a.conoid = l.conoid AND a.relid = l.relid AND a.attnum = i.indkey[e.n]
                                                  AND i.indcollation[e.n] = a.attcollation))) AS found,
           i.indkey::int2[] AS indkey
    FROM leaves l JOIN keys k ON k.conoid = l.conoid
    JOIN pg_index i ON i.indrelid = l.relid AND i.indisvalid AND i.indisready AND i.indislive
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
    CROSS JOIN LATERAL (SELECT pg_get_expr(i.indpred, i.indrelid) AS text) p
    WHERE m.amname IN ('btree', 'gist', 'hash')
      AND (i.indpred IS NULL
           OR NOT EXISTS (SELECT FROM unnest(string_to_array(CASE WHEN p.text LIKE '((%' THEN substr(p.text, 2, length(p.text) - 2)
                                                                   ELSE p.text END, ' AND ')) AS clause
                          WHERE clause <> ALL (SELECT format('(%I IS NOT NULL)', n.name) FROM unnest(k.names) n (name))))
), covered AS (
    SELECT DISTINCT l.conoid, l.relid
    FROM starts l JOIN keys k ON k.conoid = l.conoid
    WHERE l.found > 0
      AND (l.found >= l.wanted
           OR (SELECT k.rows / greatest(max(CASE WHEN c.n_distinct < 0 THEN -c.n_distinct * k.rows ELSE c.n_distinct END), 1)
                               FROM columns c
                               WHERE c.relid = k.relid
                                 AND c.name IN (SELECT a.name FROM attributes a
                                                WHERE a.conoid = l.conoid AND a.relid = l.relid
                                                  AND a.attnum = ANY (l.indkey[0:l.found - 1]))) <= :enough_rows)
), missing AS (
    SELECT k.*, EXISTS (SELECT FROM covered c WHERE c.conoid = k.conoid) AS partly, u.partitions
    FROM keys k
    JOIN (SELECT l.conoid, string_agg(l.relid::regclass::text, ', ' ORDER BY l.relid::regclass::text) AS partitions
          FROM leaves l
          WHERE NOT EXISTS (SELECT FROM covered c WHERE c.conoid = l.conoid AND c.relid = l.relid)
          GROUP BY l.conoid) u ON u.conoid = k.conoid
), lookups AS ( -- by triggers of the referenced table, as they were recorded
    SELECT m.conoid, sum(s.seq_scans) AS scans, sum(s.rows_read) AS rows_read, sum(s.est_time) AS time
    FROM missing m
    JOIN scans s ON coalesce(pg_partition_root(s.relation), s.relation) = m.relid
    WHERE s.query ~ '^(DELETE FROM|UPDATE|SELECT 1 FROM) '
      AND NOT EXISTS (SELECT FROM unnest(m.names) n (name)
                      WHERE strpos(s.query, 'OPERATOR(pg_catalog.=) "' || replace(n.name, '"', '""') || '"') = 0)
      AND EXISTS (SELECT FROM statements q WHERE q.queryid = s.queryid AND NOT q.toplevel)
    GROUP BY m.conoid
), suggested AS ( -- that begin with the columns of the key
    SELECT DISTINCT ON (m.conoid) m.conoid, s.ddl, s.undo
    FROM missing m JOIN suggestions s ON s.relation = m.relid
    WHERE s.action = 'create' AND strpos(s.ddl, ' WHERE ') = 0
      AND (SELECT strpos(s.ddl, ' USING btree (' || n.list || ')') + strpos(s.ddl, ' USING btree (' || n.list || ', ')
           FROM (SELECT string_agg(quote_ident(k.name), ', ' ORDER BY k.place) AS list FROM unnest(m.names) WITH ORDINALITY k (name, place)) n) > 0
    ORDER BY m.conoid, s.rank
)
SELECT 'pg_constraint'::regclass AS classid, m.conoid AS objid, 0 AS objsubid, m.bytes AS weight,
       CASE WHEN l.scans >= 3 AND l.rows_read / l.scans >= :critical_rows THEN 'critical'
            WHEN (m.target_deletes > 0 OR m.key_updates > 0) AND m.rows >= :warn_rows THEN 'warning' ELSE 'notice' END AS severity,
       format('No index for the foreign key %I of %s', m.name, m.identity) AS title,
       format('No index on %s finds %s. The table has %s (%s) and refers to %s%s.', m.identity,
              (SELECT string_agg(format('%I', n.name), ', ' ORDER BY n.place) FROM unnest(m.names) WITH ORDINALITY n (name, place)),
              advisor.counted(m.rows, 'row'), pg_size_pretty(m.bytes::bigint), m.target::regclass,
              CASE WHEN m.target_deletes IS NULL THEN ''
                   WHEN m.target_deletes = 0 THEN ', of which no row was deleted since statistics were reset'
                   ELSE format(', of which %s deleted since statistics were reset',
                               advisor.counted(m.target_deletes, 'row was', 'rows were')) END)
       || CASE WHEN m.key_updates > 0 THEN format(' Updates that set its key were recorded: %s.',
                                                  to_char(m.key_updates, 'FM999,999,999,999,990')) ELSE '' END
       || CASE WHEN l.scans > 0 THEN format(' Looking for referring rows was recorded: %s read %s in %s ms.',
                                            advisor.counted(l.scans, 'sequential scan'), advisor.counted(l.rows_read, 'row'),
                                            to_char(l.time, 'FM999,999,999,999,990')) ELSE '' END
       || CASE WHEN m.partly THEN format(' Some partitions have such an index, these have not: %s. Build it there, with CONCURRENTLY, or make one index of them all: CREATE INDEX ON ONLY the table, then attach.', m.partitions) ELSE '' END
       || CASE WHEN g.ddl <> d.ddl || ';' THEN ' The advice on the recorded statements wants a longer index that begins with it: that one does both.' ELSE '' END AS detail,
       jsonb_build_object('columns', m.names, 'rows', m.rows, 'bytes', m.bytes, 'referenced', m.target::regclass::text,
                          'referenced_deletes', m.target_deletes, 'key_updates', m.key_updates, 'lookups', coalesce(l.scans, 0),
                          'lookup_rows_read', coalesce(l.rows_read, 0)) AS evidence,
       l.time AS impact, coalesce(g.ddl, d.ddl || ';') AS fix, coalesce(g.undo, d.undo || ';') AS undo
FROM missing m
LEFT JOIN lookups l ON l.conoid = m.conoid
LEFT JOIN suggested g ON g.conoid = m.conoid AND NOT m.partly
LEFT JOIN LATERAL advisor.index_ddl(m.relid::regclass, m.names) d ON NOT m.partly
