-- flags: "S s"."Rest" warning
-- flags: public.deep_rest warning
CREATE SCHEMA "S s";
CREATE TABLE "S s".flagged (x int, y int) PARTITION BY RANGE (x);
CREATE TABLE "S s".flagged_1 PARTITION OF "S s".flagged FOR VALUES FROM (0) TO (10);
CREATE TABLE "S s"."Rest" PARTITION OF "S s".flagged DEFAULT;
CREATE TABLE deep (x int, y int) PARTITION BY LIST (y);
CREATE TABLE deep_1 PARTITION OF deep FOR VALUES IN (1) PARTITION BY RANGE (x);
CREATE TABLE deep_2 PARTITION OF deep DEFAULT;
CREATE TABLE deep_1_1 PARTITION OF deep_1 FOR VALUES FROM (0) TO (10);
CREATE TABLE deep_rest PARTITION OF deep_1 DEFAULT;
-- empty; emptied; by list; the only one
CREATE TABLE ready (x int, y int) PARTITION BY RANGE (x);
CREATE TABLE ready_1 PARTITION OF ready FOR VALUES FROM (0) TO (10);
CREATE TABLE ready_rest PARTITION OF ready DEFAULT;
CREATE TABLE emptied (x int, y int) PARTITION BY RANGE (x);
CREATE TABLE emptied_1 PARTITION OF emptied FOR VALUES FROM (0) TO (10);
CREATE TABLE emptied_rest PARTITION OF emptied DEFAULT;
CREATE TABLE alone (x int, y int) PARTITION BY RANGE (x);
CREATE TABLE alone_rest PARTITION OF alone DEFAULT;
INSERT INTO "S s".flagged VALUES (1, 1), (11, 1);
INSERT INTO deep VALUES (1, 1), (11, 1), (1, 2);
INSERT INTO ready VALUES (1, 1);
INSERT INTO emptied VALUES (1, 1), (11, 1);
DELETE FROM emptied WHERE x = 11;
INSERT INTO alone VALUES (1, 1);
ANALYZE;
