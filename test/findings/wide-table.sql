-- flags: public.wide notice
-- flags: public."Very wide" warning
SELECT format('CREATE TABLE wide (%s)', string_agg('c' || g || ' int', ', ')) FROM generate_series(1, 51) g \gexec
SELECT format('CREATE TABLE "Very wide" (%s)', string_agg('c' || g || ' int', ', ')) FROM generate_series(1, 401) g \gexec
-- Fifty; some were dropped; the partitions of a wide table; a view.
SELECT format('CREATE TABLE fifty (%s)', string_agg('c' || g || ' int', ', ')) FROM generate_series(1, 50) g \gexec
SELECT format('CREATE TABLE was_wide (%s)', string_agg('c' || g || ' int', ', ')) FROM generate_series(1, 51) g \gexec
ALTER TABLE was_wide DROP c7;
CREATE VIEW v AS SELECT * FROM "Very wide";
CREATE MATERIALIZED VIEW m AS SELECT * FROM "Very wide";
