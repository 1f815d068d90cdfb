-- flags: setting autovacuum critical
-- The server of this test runs without it.
SHOW autovacuum;
