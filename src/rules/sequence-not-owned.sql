-- A sequence that a column uses and does not own
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, sequences
-- what: A sequence that is the default of exactly one column and belongs to none.
-- why: It stays behind when the table or the column is dropped, and TRUNCATE ... RESTART IDENTITY does not reset it.
-- detection: The dependencies in the catalog: one default names it, and no OWNED BY.
-- caution: A sequence that is also called by applications may be kept apart on purpose. Where several columns use it, or
--   its schema or owner is not the table's, it is not reported.
-- fix: ALTER SEQUENCE ... OWNED BY changes the catalog only. From then on dropping the column drops the sequence.
SELECT 'pg_class'::regclass AS classid, s.seqrelid AS objid, 0 AS objsubid,
       format('Sequence %s is not owned by the column that uses it', s.identity) AS title,
       format('It is the default of %s.%I only. Dropping that table would leave it behind.', t.identity, c.name) AS detail,
       jsonb_build_object('table', t.identity, 'column', c.name) AS evidence, t.bytes AS weight,
       format(E'SET lock_timeout = ''2s'';\nALTER SEQUENCE %s OWNED BY %s.%I;\nRESET lock_timeout;', s.identity, t.identity, c.name) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER SEQUENCE %s OWNED BY NONE;\nRESET lock_timeout;', s.identity) AS undo
FROM sequences s
JOIN tables t ON t.relid = s.relid
JOIN columns c ON c.relid = s.relid AND c.attnum = s.attnum
JOIN pg_class q ON q.oid = s.seqrelid
JOIN pg_class r ON r.oid = s.relid AND r.relnamespace = q.relnamespace AND r.relowner = q.relowner
WHERE s.users = 1 AND s.owner_relid IS NULL
