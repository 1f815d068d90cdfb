-- flags: rule_case warning
DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM advisor.findings WHERE rule = 'encoding-sql-ascii'), 'UTF8';
END $$;
-- A database is made with its encoding; this is the quick way to another one.
UPDATE pg_database SET encoding = pg_char_to_encoding('SQL_ASCII') WHERE datname = current_database();
