-- Table without a primary key
--
-- category: schema
-- severity: warning
-- inputs: tables, indexes, fks
-- what: A table that has no primary key.
-- why: Nothing tells two equal rows apart: a duplicate cannot be removed by name, an ORM cannot update one row, and
--   once the table is in a publication its updates and deletes fail.
-- detection: A logged table with at least min_rows rows and no PRIMARY KEY. Critical when a publication publishes its
--   updates or deletes and it has no other replica identity; a notice when nothing but inserts was seen since
--   statistics were reset and no foreign key refers to it.
-- caution: Append-only logs and staging tables can do without.
-- fix: Where a valid unique index has only NOT NULL columns and serves no constraint yet, it becomes the primary key:
--   nothing is rewritten or scanned, ACCESS EXCLUSIVE is held for a moment. Otherwise there is no script: which
--   columns identify a row is yours to say.
-- threshold: min_rows 1 rows from which a table is reported
WITH promotable AS (
    SELECT DISTINCT ON (i.relid) i.relid, i.name, i.identity, i.constraint_oid, i.indexrelid
    FROM indexes i
    WHERE i.is_unique AND i.is_valid AND i.predicate IS NULL AND NOT i.has_expressions AND i.am = 'btree'
      AND NOT EXISTS (SELECT FROM indexes p WHERE p.relid = i.relid AND p.is_primary)
      AND NOT EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = i.relid AND a.attnum = ANY (i.keys) AND NOT a.attnotnull)
    ORDER BY i.relid, (i.constraint_oid IS NOT NULL), i.bytes, i.name
), published AS (
    SELECT r.prrelid AS relid FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
    WHERE p.pubupdate OR p.pubdelete
    UNION
    SELECT t.relid FROM tables t JOIN pg_publication p ON p.puballtables AND (p.pubupdate OR p.pubdelete)
    UNION
    SELECT t.relid
    FROM tables t JOIN pg_class c ON c.oid = t.relid
    JOIN pg_publication_namespace n ON n.pnnspid = c.relnamespace
    JOIN pg_publication p ON p.oid = n.pnpubid AND (p.pubupdate OR p.pubdelete)
), judged AS (
    SELECT t.*, u.name AS index_name, u.identity AS index_identity, u.constraint_oid, pg_get_indexdef(u.indexrelid) AS definition,
           c.relreplident = 'd' AND t.relid IN (SELECT p.relid FROM published p) AS breaks_replication,
           t.updates + t.deletes = 0 AND t.inserts > 0
           AND NOT EXISTS (SELECT FROM fks f WHERE f.target = t.relid) AS append_only
    FROM tables t JOIN pg_class c ON c.oid = t.relid LEFT JOIN promotable u ON u.relid = t.relid
    WHERE t.kind IN ('r', 'p') AND t.persistence = 'p' AND t.rows >= :min_rows
      AND NOT EXISTS (SELECT FROM indexes i WHERE i.relid = t.relid AND i.is_primary)
)
SELECT 'pg_class'::regclass AS classid, relid AS objid, 0 AS objsubid, bytes AS weight,
       CASE WHEN breaks_replication THEN 'critical' WHEN append_only THEN 'notice' ELSE 'warning' END AS severity,
       'Table ' || identity || ' has no primary key' AS title,
       format('%s, %s; %s and %s since statistics were reset.',
              advisor.counted(rows, 'row'), pg_size_pretty(bytes::bigint),
              advisor.counted(updates, 'update'), advisor.counted(deletes, 'delete'))
       || CASE WHEN breaks_replication THEN
              ' It is in a publication of updates or deletes and has no replica identity: every UPDATE and DELETE on it fails.'
          ELSE '' END
       || CASE WHEN index_name IS NULL THEN ' No unique index over NOT NULL columns exists that could become one.'
               WHEN constraint_oid IS NOT NULL THEN format(' The unique constraint %I already identifies a row: make it the primary key.', index_name)
               ELSE format(' The unique index %I already identifies a row and can become one.', index_name) END AS detail,
       jsonb_build_object('rows', rows, 'bytes', bytes, 'updates', updates, 'deletes', deletes,
                          'unique_index', index_name, 'breaks_replication', breaks_replication) AS evidence,
       CASE WHEN index_name IS NOT NULL AND constraint_oid IS NULL AND kind = 'r' THEN
           format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s ADD PRIMARY KEY USING INDEX %I;\nRESET lock_timeout;',
                  identity, index_name) END AS fix,
       CASE WHEN index_name IS NOT NULL AND constraint_oid IS NULL AND kind = 'r' THEN
           format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s DROP CONSTRAINT %I;\nRESET lock_timeout;\n%s;',
                  identity, index_name, regexp_replace(definition, '^CREATE UNIQUE INDEX ', 'CREATE UNIQUE INDEX CONCURRENTLY ')) END AS undo
FROM judged
