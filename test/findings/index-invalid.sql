-- flags: public.t_x warning
-- flags: public."T ""y_ccnew" warning
-- flags: public.parted_1_y warning
-- undo: stays away, an invalid index serves nothing
-- errors: 3
CREATE TABLE t (x int, y int);
INSERT INTO t SELECT g % 10, g % 10 FROM generate_series(1, 1000) g;
CREATE INDEX t_y ON t (y);
CREATE TABLE parted (x int, y int) PARTITION BY LIST (x);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
INSERT INTO parted VALUES (1, 1), (1, 1);
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
\o /dev/null
CREATE UNIQUE INDEX CONCURRENTLY t_x ON t (x);
CREATE UNIQUE INDEX CONCURRENTLY "T ""y_ccnew" ON t (y);
CREATE UNIQUE INDEX CONCURRENTLY parted_1_y ON parted_1 (y);
