-- flags: public.plain warning
-- flags: public.promotable warning
-- flags: public."Odd ""name" warning
-- flags: public.published critical
-- flags: public.log notice
-- flags: public.inserts_published notice
-- flags: public.whole_row_identifies warning
CREATE TABLE plain (x int, y text);
INSERT INTO plain SELECT g, 'v' FROM generate_series(1, 1000) g;
UPDATE plain SET y = 'w' WHERE x = 1;
CREATE TABLE promotable (x int NOT NULL, y text);
INSERT INTO promotable SELECT g, 'v' FROM generate_series(1, 1000) g;
DELETE FROM promotable WHERE x = 1;
CREATE UNIQUE INDEX promotable_x ON promotable (x) INCLUDE (y) WITH (fillfactor = 80);
CREATE TABLE "Odd ""name" ("a b" int NOT NULL);
CREATE UNIQUE INDEX "odd ""index" ON "Odd ""name" ("a b");
INSERT INTO "Odd ""name" VALUES (1), (2);
DELETE FROM "Odd ""name" WHERE "a b" = 2;
CREATE TABLE published (x int);
INSERT INTO published VALUES (1);
CREATE PUBLICATION p FOR TABLE published;
CREATE TABLE inserts_published (x int);
INSERT INTO inserts_published VALUES (1);
CREATE PUBLICATION inserts FOR TABLE inserts_published WITH (publish = 'insert, truncate');
CREATE TABLE whole_row_identifies (x int);
ALTER TABLE whole_row_identifies REPLICA IDENTITY FULL;
INSERT INTO whole_row_identifies VALUES (1), (2);
DELETE FROM whole_row_identifies WHERE x = 2;
CREATE PUBLICATION whole FOR TABLE whole_row_identifies;
CREATE TABLE log (at timestamptz);
INSERT INTO log VALUES (now());

CREATE TABLE good (x int PRIMARY KEY);
CREATE TABLE parted (x int PRIMARY KEY) PARTITION BY RANGE (x);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE UNLOGGED TABLE staging (x int);
CREATE TEMP TABLE scratch (x int);
CREATE TABLE never_filled (x int);
INSERT INTO good VALUES (1);
INSERT INTO parted VALUES (1);
INSERT INTO staging VALUES (1);
INSERT INTO scratch VALUES (1);
ANALYZE;
