-- flags: "S s"."Log" warning
CREATE SCHEMA "S s";
CREATE TABLE "S s"."Log" (at timestamptz, v int) PARTITION BY RANGE (at);
CREATE TABLE "S s".log_1 PARTITION OF "S s"."Log" FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2026-01-01 00:00+00');
CREATE TABLE "S s".log_2 PARTITION OF "S s"."Log" FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');
-- some rows of a range only; few rows; not partitioned
CREATE TABLE chosen (LIKE "S s"."Log") PARTITION BY RANGE (at);
CREATE TABLE chosen_1 PARTITION OF chosen FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2027-01-01 00:00+00');
CREATE TABLE few (LIKE "S s"."Log") PARTITION BY RANGE (at);
CREATE TABLE few_1 PARTITION OF few FOR VALUES FROM ('2025-01-01 00:00+00') TO ('2027-01-01 00:00+00');
CREATE TABLE plain (LIKE "S s"."Log");
INSERT INTO "S s"."Log" SELECT timestamptz '2025-12-30 00:00+00' + g * interval '1 minute', g FROM generate_series(1, 5000) g;
INSERT INTO chosen SELECT * FROM "S s"."Log";
INSERT INTO few SELECT * FROM "S s"."Log";
INSERT INTO plain SELECT * FROM "S s"."Log";
ANALYZE;
DELETE FROM "S s"."Log" WHERE at < '2026-01-01 00:00+00';
DELETE FROM chosen WHERE at < '2026-01-01 00:00+00' AND v > 1;
DELETE FROM few WHERE at < '2025-12-30 00:30+00';
DELETE FROM plain WHERE at < '2026-01-01 00:00+00';
