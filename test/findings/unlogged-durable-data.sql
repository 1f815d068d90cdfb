-- flags: public.facts warning
SELECT advisor.set_threshold('unlogged-durable-data', 'min_mb', 1);
SELECT advisor.set_threshold('unlogged-durable-data', 'min_days', 0);
CREATE UNLOGGED TABLE facts AS SELECT g, md5(g::text) FROM generate_series(1, 20000) g;
-- Logged; small; loaded again since it was counted; emptied.
CREATE TABLE logged AS SELECT g, md5(g::text) FROM generate_series(1, 20000) g;
CREATE UNLOGGED TABLE small AS SELECT 1;
CREATE UNLOGGED TABLE cache AS SELECT g, md5(g::text) AS v FROM generate_series(1, 20000) g;
SELECT pg_stat_force_next_flush();
VACUUM ANALYZE;
UPDATE cache SET v = 'x' WHERE g <= 15000;
SELECT pg_stat_force_next_flush();
