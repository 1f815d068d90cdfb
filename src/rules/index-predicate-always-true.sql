-- A partial index that leaves no row out
--
-- category: index
-- severity: notice
-- inputs: tables, indexes
-- what: An index whose predicate is only that columns are not NULL which cannot be NULL.
-- why: It has every row all the same, but the planner uses a partial index only where the conditions of the query imply
--   the predicate: not to read all rows in its order, nor for a query that asks for other columns of it only.
-- detection: Each part of the predicate is IS NOT NULL of a column with a NOT NULL constraint.
-- caution: The NOT NULL may be about to go.
-- fix: Builds the same index without the predicate, drops the old one, both CONCURRENTLY, and gives it the old name. Nothing
--   is printed for one that is unique, that a constraint needs, or of a partitioned table.
WITH useless AS (
    SELECT i.*, t.identity AS table_identity, t.kind, pg_get_indexdef(i.indexrelid) AS definition,
           left(i.name, 58) || '_full' AS other
    FROM indexes i JOIN tables t ON t.relid = i.relid
    WHERE i.predicate IS NOT NULL AND i.is_valid
      AND NOT EXISTS (SELECT FROM unnest(string_to_array(CASE WHEN i.predicate LIKE '((%' THEN substr(i.predicate, 2, length(i.predicate) - 2)
                                                               ELSE i.predicate END, ' AND ')) AS p (clause)
                      WHERE NOT EXISTS (SELECT FROM pg_attribute a
                                        WHERE a.attrelid = i.relid AND a.attnotnull AND p.clause = format('(%I IS NOT NULL)', a.attname)))
), scripted AS (
    -- What follows the name in the definition, up to the predicate, which comes last.
    SELECT u.*, substr(u.definition, length(format('CREATE INDEX %I', u.name)) + 1) AS rest, format('%I.%I', u.schema, u.other) AS other_identity
    FROM useless u
)
SELECT 'pg_class'::regclass AS classid, indexrelid AS objid, 0 AS objsubid, bytes AS weight,
       format('The predicate of index %s is always true', identity) AS title,
       format('WHERE %s leaves no row of %s out, because it cannot be NULL; but only queries that imply it can use the index. %s.', predicate, table_identity,
              pg_size_pretty(bytes::bigint)) AS detail,
       jsonb_build_object('predicate', predicate, 'bytes', bytes, 'scans', scans) AS evidence,
       CASE WHEN NOT is_unique AND constraint_oid IS NULL AND kind <> 'p' THEN
           format(E'CREATE INDEX CONCURRENTLY %I%s;\nDROP INDEX CONCURRENTLY %s;\nALTER INDEX %s RENAME TO %I;', other,
                  left(rest, length(rest) - length(format(' WHERE %s', predicate))), identity, other_identity, name) END AS fix,
       CASE WHEN NOT is_unique AND constraint_oid IS NULL AND kind <> 'p' THEN
           format(E'ALTER INDEX %s RENAME TO %I;\nCREATE INDEX CONCURRENTLY %I%s;\nDROP INDEX CONCURRENTLY %s;', identity, other, name, rest, other_identity) END AS undo
FROM scripted
