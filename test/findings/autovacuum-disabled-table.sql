-- flags: public.changed warning
-- flags: public."Stat ""ic" notice
-- flags: public.parted_1 notice
SELECT advisor.set_threshold('autovacuum-disabled-table', 'min_bytes', 50000);
CREATE TABLE changed (x int, y text) WITH (fillfactor = 90, autovacuum_enabled = off);
INSERT INTO changed SELECT g, md5(g::text) FROM generate_series(1, 5000) g;
UPDATE changed SET x = 2 WHERE x = 1;
CREATE TABLE "Stat ""ic" (x int, y text) WITH (autovacuum_enabled = false);
INSERT INTO "Stat ""ic" SELECT g, md5(g::text) FROM generate_series(1, 5000) g;
CREATE TABLE parted (x int, y text) PARTITION BY LIST (x);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1) WITH (autovacuum_enabled = 'no');
INSERT INTO parted SELECT 1, md5(g::text) FROM generate_series(1, 5000) g;

CREATE TABLE small (x int) WITH (autovacuum_enabled = off);
CREATE TABLE enabled (x int, y text) WITH (autovacuum_enabled = on, autovacuum_vacuum_scale_factor = 0);
INSERT INTO enabled SELECT g, md5(g::text) FROM generate_series(1, 5000) g;
CREATE UNLOGGED TABLE staging (x int, y text) WITH (autovacuum_enabled = off);
INSERT INTO staging SELECT g, md5(g::text) FROM generate_series(1, 5000) g;
ANALYZE;
SELECT pg_stat_force_next_flush();
