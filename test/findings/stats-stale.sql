-- flags: public.never notice
-- flags: public.changed notice
-- flags: public."Par ""ted" notice
-- undo: stays away, statistics stay
CREATE TABLE never (x int);
INSERT INTO never SELECT generate_series(1, 5000);
CREATE TABLE changed (x int);
INSERT INTO changed SELECT generate_series(1, 1000);
SELECT pg_stat_force_next_flush();
ANALYZE changed;
INSERT INTO changed SELECT generate_series(1, 5000);
CREATE TABLE "Par ""ted" (x int) PARTITION BY RANGE (x);
CREATE TABLE part_1 PARTITION OF "Par ""ted" FOR VALUES FROM (0) TO (9999);
INSERT INTO "Par ""ted" SELECT generate_series(1, 5000);
SELECT pg_stat_force_next_flush();
ANALYZE part_1;

CREATE TABLE small (x int);
INSERT INTO small SELECT generate_series(1, 900);
CREATE TABLE a_little (x int);
INSERT INTO a_little SELECT generate_series(1, 5000);
SELECT pg_stat_force_next_flush();
ANALYZE a_little;
INSERT INTO a_little SELECT generate_series(1, 2000);
CREATE TABLE patient (x int) WITH (autovacuum_analyze_threshold = 100000);
INSERT INTO patient SELECT generate_series(1, 1000);
SELECT pg_stat_force_next_flush();
ANALYZE patient;
INSERT INTO patient SELECT generate_series(1, 5000);
SELECT pg_stat_force_next_flush();
