-- A primary key in random order, or a long one
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes, fks
-- what: A uuid primary key whose values come in no order, on a table that grows, with an index that is large beside
--   shared_buffers; or a text key of at least min_width bytes to which foreign keys refer.
-- why: Random keys touch a different page of the index with each insert: more reads, and a full page in the WAL for each
--   after a checkpoint. Long keys are repeated in each referring table and index.
-- detection: Correlation between the order of values and of rows below 0.2 (by ANALYZE), index larger than
--   share_of_buffers of shared_buffers, more inserts than updates and deletes since statistics were reset, no default of uuidv7(). Text keys by
--   their average width and min_rows.
-- caution: Keys that hold a time (UUIDv7, ULID) correlate and are not reported. The order of rows is also lost by a CLUSTER
--   or by deletes that make room.
-- fix: From PostgreSQL 18 on, where the default is gen_random_uuid(), new rows get uuidv7() by default: the catalog only,
--   old rows stay as they are. Otherwise there is no script.
-- threshold: share_of_buffers 0.25 share of shared_buffers from which the index counts as large
-- threshold: min_width 32 bytes from which a text key counts as long
-- threshold: min_rows 100000 rows from which a long text key is reported
WITH keys AS (
    SELECT t.relid, t.identity, t.rows, t.bytes, t.inserts, t.updates + t.deletes AS others, c.attnum, c.name, c.base, c.correlation,
           c.avg_width, c.default_text, i.bytes AS key_bytes, pg_size_bytes(current_setting('shared_buffers'))::float8 AS buffers,
           (SELECT count(*) FROM fks f WHERE f.target = t.relid AND f.target_columns = ARRAY[c.attnum]) AS referring
    FROM indexes i
    JOIN tables t ON t.relid = i.relid AND t.rows > 0
    JOIN columns c ON c.relid = i.relid AND i.keys::int2[] = ARRAY[c.attnum]
    WHERE i.is_primary
), judged AS (
    SELECT k.*, k.base = 'uuid'::regtype AS random FROM keys k
    WHERE (k.base = 'uuid'::regtype AND abs(k.correlation) < 0.2 AND k.key_bytes > :share_of_buffers * k.buffers
           AND k.inserts > k.others AND k.default_text IS DISTINCT FROM 'uuidv7()')
       OR (k.base IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) AND k.avg_width >= :min_width
           AND k.rows >= :min_rows AND k.referring > 0)
)
SELECT 'pg_class'::regclass AS classid, j.relid AS objid, j.attnum::int AS objsubid,
       CASE WHEN j.random THEN format('The keys of %s come in random order', j.identity)
            ELSE format('%s foreign keys repeat the long text key of %s', j.referring, j.identity) END AS title,
       CASE WHEN j.random THEN
           format('Inserts into %I go to any page of an index of %s, with %s of shared_buffers; %s inserted since statistics were reset. UUIDv7 begins with the time.',
                  j.name, pg_size_pretty(j.key_bytes::bigint), pg_size_pretty(j.buffers::bigint), advisor.counted(j.inserts, 'row was', 'rows were'))
            ELSE format('%I takes %s bytes on average, in %s, and again in each row and index that refers to it. A bigint or uuid key beside a UNIQUE constraint on the text would be shorter.',
                        j.name, j.avg_width, advisor.counted(j.rows, 'row')) END AS detail,
       jsonb_build_object('correlation', j.correlation, 'index_bytes', j.key_bytes, 'shared_buffers', j.buffers, 'inserts', j.inserts,
                          'avg_width', j.avg_width, 'referring', j.referring, 'rows', j.rows) AS evidence,
       j.key_bytes AS weight,
       CASE WHEN s.newer THEN format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s ALTER COLUMN %I SET DEFAULT uuidv7();\nRESET lock_timeout;', j.identity, j.name) END AS fix,
       CASE WHEN s.newer THEN format(E'SET lock_timeout = ''2s'';\nALTER TABLE %s ALTER COLUMN %I SET DEFAULT gen_random_uuid();\nRESET lock_timeout;', j.identity, j.name) END AS undo
FROM judged j,
     LATERAL (SELECT j.random AND j.default_text = 'gen_random_uuid()' AND current_setting('server_version_num')::int >= 180000 AS newer) s
