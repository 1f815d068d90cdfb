-- Recorded statements of this database that the caller may see
--
-- what: the columns of advisor.statements
SELECT s.* FROM advisor.statements s
WHERE s.queryid IS NOT NULL AND s.dbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
