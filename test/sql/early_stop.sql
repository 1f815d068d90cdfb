-- What a LIMIT stops early by the planner only: rows that pass a filter are not spread evenly along an index.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA early_stop;
SET search_path = early_stop;

-- Bids rise with time: by an index on cents all the later ones are read before those of an early window.
CREATE TABLE bid AS
SELECT i AS id, timestamptz '2024-01-01 UTC' + i * interval '30 seconds' AS placed_at,
       i * 2 + abs(hashint4(i)) % 9000 AS cents, repeat(md5(i::text), 2) AS bidder
  FROM generate_series(1, 60000) i;
ALTER TABLE bid ALTER placed_at SET STATISTICS 1000, ALTER cents SET STATISTICS 1000;
VACUUM ANALYZE bid;
SELECT ddl FROM advisor.suggest_indexes(ARRAY[
  'SELECT max(cents) FROM bid WHERE placed_at >= ''2024-01-05 UTC'' AND placed_at < ''2024-01-07 UTC''']);
SELECT ddl FROM advisor.suggest_indexes(ARRAY[
  'SELECT * FROM bid WHERE placed_at >= ''2024-01-05 UTC'' AND placed_at < ''2024-01-07 UTC'' ORDER BY cents DESC LIMIT 10']);
-- The highest ones of the latest days do come first.
SELECT ddl FROM advisor.suggest_indexes(ARRAY[
  'SELECT * FROM bid WHERE placed_at >= ''2024-01-12 UTC'' ORDER BY cents DESC LIMIT 10']);

-- Some articles have had no new price for long: by day alone all prices of the others are read first.
CREATE TABLE price (article int, day date, cents int, who text);
INSERT INTO price
SELECT k % 80, date '2020-01-01' + k / 80, 100 + k % 700, 'clerk' FROM generate_series(0, 119999) k
 WHERE k % 80 < 40 OR k / 80 < 365 + (k % 80) * 5;
ALTER TABLE price ALTER article SET STATISTICS 1000, ALTER day SET STATISTICS 1000;
VACUUM ANALYZE price;
SELECT ddl FROM advisor.suggest_indexes(ARRAY[
  'SELECT cents FROM price WHERE article = 3 AND day <= ''2023-06-01'' ORDER BY day DESC LIMIT 1',
  'SELECT cents FROM price WHERE article = 70 AND day <= ''2023-06-01'' ORDER BY day DESC LIMIT 1']);

DROP SCHEMA early_stop CASCADE;
