-- A database that takes text in any encoding
--
-- category: schema
-- severity: warning
-- what: The encoding of the database is SQL_ASCII: none.
-- why: Bytes above 127 are stored as they come, unchecked and never converted. Clients with different encodings write
--   text that each other cannot read, and one day nobody can tell which is which.
-- detection: The encoding of this database.
-- caution: Right where all text is plain ASCII, or means bytes.
-- fix: No script: dump, find out what encoding each part is in, and load into a database of encoding UTF8.
SELECT 'pg_database'::regclass AS classid, d.oid AS objid, 0 AS objsubid,
       format('Database %I has no encoding', d.datname) AS title,
       'SQL_ASCII means that nothing is checked and nothing converted: what a client in one encoding has written another one reads as something else. A new database with ENCODING UTF8 would refuse what is not text.' AS detail,
       jsonb_build_object('encoding', pg_encoding_to_char(d.encoding)) AS evidence
FROM pg_database d
WHERE d.datname = current_database() AND pg_encoding_to_char(d.encoding) = 'SQL_ASCII'
