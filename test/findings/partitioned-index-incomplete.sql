-- flags: public.parted_y notice
-- flags: "Odd ""s"."i ""u" notice
-- flags: public.deep_y notice
CREATE TABLE parted (x int, y int) PARTITION BY LIST (x);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
CREATE INDEX parted_y ON ONLY parted (y) WHERE y > 0;
CREATE INDEX parted_1_y ON parted_1 (y) WHERE y > 0;
ALTER INDEX parted_y ATTACH PARTITION parted_1_y;
CREATE SCHEMA "Odd ""s";
CREATE TABLE "Odd ""s"."T b" (x int, "y y" int) PARTITION BY LIST (x);
CREATE TABLE "Odd ""s"."T b1" PARTITION OF "Odd ""s"."T b" FOR VALUES IN (1);
CREATE UNIQUE INDEX "i ""u" ON ONLY "Odd ""s"."T b" ("y y", x);
CREATE TABLE deep (x int, y int) PARTITION BY LIST (x);
CREATE TABLE deep_1 PARTITION OF deep FOR VALUES IN (1) PARTITION BY LIST (y);
CREATE TABLE deep_1_1 PARTITION OF deep_1 FOR VALUES IN (1);
CREATE INDEX deep_y ON ONLY deep (y);

CREATE INDEX parted_x ON parted (x);
CREATE TABLE empty (x int) PARTITION BY LIST (x);
CREATE INDEX ON empty (x);
