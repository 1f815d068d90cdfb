-- flags: public.dup_b warning
-- flags: public.dup_desc warning
-- flags: public.dup_one_desc warning
-- flags: public.dup_ri warning
-- flags: "Odd ""s"."dup ""index" warning
-- flags: public.parted_b warning
-- flags: public.parted_empty_b notice
-- flags: public.two_keys_other notice
-- flags: public.gin_2 warning
SELECT advisor.set_threshold('index-duplicate', 'warning_bytes', 8192);
CREATE TABLE dup (a int, b int, c text, ab int, arr int[]);
CREATE INDEX dup_a ON dup (c);
CREATE INDEX dup_b ON dup (c) WITH (fillfactor = 80);
COMMENT ON INDEX dup_b IS 'It''s a copy';
CREATE INDEX dup_ab ON dup (a, b);
CREATE INDEX dup_desc ON dup (a DESC, b DESC);
CREATE INDEX dup_one ON dup (ab);
CREATE INDEX dup_one_desc ON dup (ab DESC);
CREATE INDEX gin_1 ON dup USING gin (arr);
CREATE INDEX gin_2 ON dup USING gin (arr);
CREATE TABLE ri (id int NOT NULL, x int);
CREATE UNIQUE INDEX ri_id ON ri (id);
ALTER TABLE ri REPLICA IDENTITY USING INDEX ri_id;
CREATE UNIQUE INDEX dup_ri ON ri (id);
CREATE SCHEMA "Odd ""s";
CREATE TABLE "Odd ""s"."T b" ("a b" text);
CREATE INDEX one ON "Odd ""s"."T b" (lower("a b")) WHERE "a b" <> 'x';
CREATE INDEX "dup ""index" ON "Odd ""s"."T b" (lower("a b")) WHERE "a b" <> 'x';
ALTER INDEX "Odd ""s"."dup ""index" ALTER COLUMN 1 SET STATISTICS 500;
CREATE TABLE parted (x int, y int) PARTITION BY RANGE (x);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (y);
CREATE TABLE parted_2_1 PARTITION OF parted_2 FOR VALUES FROM (0) TO (10);
CREATE INDEX parted_a ON parted (y);
CREATE INDEX parted_b ON parted (y);
CREATE TABLE parted_empty (x int) PARTITION BY RANGE (x);
CREATE INDEX ON parted_empty (x);
CREATE INDEX parted_empty_b ON parted_empty (x);
CREATE TABLE two_keys (a int UNIQUE);
ALTER TABLE two_keys ADD CONSTRAINT two_keys_other UNIQUE (a);

-- Each of these is told apart by something.
CREATE TABLE good (a int, b int, ab int, c text, d text COLLATE "C", flag bool, r int4range);
CREATE INDEX ON good (a, b);
CREATE INDEX ON good (a, b DESC);
CREATE INDEX ON good (lower(c));
CREATE INDEX ON good (upper(c), a);
CREATE INDEX ON good (b);
CREATE INDEX ON good USING hash (b);
CREATE INDEX ON good (c);
CREATE INDEX ON good (c COLLATE "POSIX");
CREATE INDEX ON good (c text_pattern_ops);
CREATE UNIQUE INDEX ON good (d);
CREATE UNIQUE INDEX ON good (d) NULLS NOT DISTINCT;
CREATE INDEX ON good (ab, a);
CREATE INDEX ON good (flag) WHERE a > 0;
CREATE INDEX ON good (flag) WHERE a > 1;
CREATE INDEX ON good (flag) INCLUDE (a);
CREATE INDEX ON good (flag) INCLUDE (b);
CREATE INDEX ON good USING brin (a) WITH (pages_per_range = 4);
CREATE INDEX ON good USING brin (a) WITH (pages_per_range = 64);
CREATE TABLE clustered (a int);
CREATE INDEX clustered_a ON clustered (a);
CLUSTER clustered USING clustered_a;
CREATE TABLE excluded (r int4range, EXCLUDE USING gist (r WITH &&));
CREATE TABLE referred (a int);
CREATE UNIQUE INDEX referred_a ON referred (a);
CREATE TABLE refers (a int REFERENCES referred (a));
CREATE TABLE later (a int UNIQUE DEFERRABLE);
CREATE UNIQUE INDEX later_at_once ON later (a);
