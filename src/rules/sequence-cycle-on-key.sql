-- A sequence that starts over feeds a unique column
--
-- category: schema
-- severity: warning
-- inputs: tables, columns, indexes, sequences
-- what: A sequence with CYCLE that gives values to a column with a unique index of its own.
-- why: After its last value it starts again, and INSERT fails wherever the old rows are still there.
-- detection: The catalog: CYCLE, and a primary key or a full unique index on just that column.
-- caution: Where the column numbers slots that are written over, or rows are deleted long before the sequence comes
--   round, it is meant so.
-- fix: NO CYCLE: the sequence then ends with an error of its own instead. The undo sets CYCLE again.
SELECT DISTINCT ON (s.seqrelid)
       'pg_class'::regclass AS classid, s.seqrelid AS objid, 0 AS objsubid,
       format('Sequence %s cycles, and %s.%I must be unique', s.identity, t.identity, c.name) AS title,
       format('After %s it starts again at %s; numbers of rows that are still there then fail as duplicates.',
              to_char(CASE WHEN s.increment > 0 THEN s.max_value ELSE s.min_value END, 'FM9,999,999,999,999,999,990'),
              to_char(CASE WHEN s.increment > 0 THEN s.min_value ELSE s.max_value END, 'FM9,999,999,999,999,999,990')) AS detail,
       jsonb_build_object('last_value', s.last_value, 'max_value', s.max_value, 'unique_index', i.identity, 'rows', t.rows) AS evidence,
       t.bytes AS weight,
       format(E'SET lock_timeout = ''2s'';\nALTER SEQUENCE %s NO CYCLE;\nRESET lock_timeout;', s.identity) AS fix,
       format(E'SET lock_timeout = ''2s'';\nALTER SEQUENCE %s CYCLE;\nRESET lock_timeout;', s.identity) AS undo
FROM sequences s
JOIN tables t ON t.relid = s.relid
JOIN columns c ON c.relid = s.relid AND c.attnum = s.attnum
JOIN indexes i ON i.relid = s.relid AND i.is_unique AND i.predicate IS NULL AND i.keys::int2[] = ARRAY[s.attnum]::int2[]
WHERE s.cycle AND (t.rows > 1 OR t.inserts > 1)
ORDER BY s.seqrelid, i.is_primary DESC, i.identity
