-- How the recorded statements use columns
--
-- what: the columns of advisor.column_usage
SELECT u.* FROM advisor.column_usage u
