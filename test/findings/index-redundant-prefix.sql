-- flags: public.p_a notice
-- flags: public.p_key notice
-- flags: public."p ""inc" notice
-- flags: public.parted_y notice
CREATE TABLE p (id int PRIMARY KEY, a int, b int, c int, d int);
CREATE INDEX p_a ON p (a);
CREATE INDEX p_ab ON p (a, b);
CREATE INDEX p_key ON p (b);
CREATE UNIQUE INDEX p_bc ON p (b, c);
CREATE INDEX "p ""inc" ON p (c) INCLUDE (d);
CREATE INDEX p_cd ON p (c, d);
CREATE TABLE parted (x int, y int) PARTITION BY LIST (x);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE INDEX parted_y ON parted (y);
CREATE INDEX parted_yx ON parted (y, x);

CREATE TABLE good (id int PRIMARY KEY, a int UNIQUE, ab int, b int, c text);
CREATE INDEX ON good (id, a);
CREATE INDEX ON good (a, b);
CREATE INDEX ON good (ab, a);
CREATE INDEX ON good (lower(c));
CREATE INDEX ON good (upper(c), a);
CREATE INDEX ON good USING hash (b);
CREATE INDEX ON good (b, a);
CREATE INDEX ON good (c) INCLUDE (ab);
CREATE INDEX ON good (c, a);
-- The name of one column begins with that of the other.
CREATE TABLE names (a int, ab int);
CREATE INDEX ON names (a);
CREATE INDEX ON names (ab, a);
-- Small and used, beside one that is much larger.
CREATE TABLE used (a int, b text);
INSERT INTO used SELECT g / 10, repeat(md5(g::text), 10) FROM generate_series(1, 5000) g;
CREATE INDEX used_a ON used (a);
CREATE INDEX used_ab ON used (a, b);
VACUUM ANALYZE used;
SELECT count(*) FROM used WHERE a = 7;
SELECT pg_stat_force_next_flush();
