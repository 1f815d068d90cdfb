-- flags: ch_p_fkey on public.ch critical
-- flags: quiet_p_fkey on public.quiet notice
-- flags: rekeyed_p_fkey on public.rekeyed warning
-- flags: xy_x_y_fkey on public.xy notice
-- flags: parted_p_fkey on public.parted notice
-- flags: all_parts_p_fkey on public.all_parts notice
-- flags: "q ""k" on "Odd ""s"."T b" warning
-- flags: wrong_p_fkey on public.wrong warning
-- flags: other_coll_p_fkey on public.other_coll notice
-- flags: broken_p_fkey on public.broken notice
-- flags: enclosed_x_y_fkey on public.enclosed notice
-- flags: tree_up_fkey on public.tree notice
-- flags: asked_p_fkey on public.asked notice
-- errors: 1
CREATE TABLE par (id int PRIMARY KEY);
INSERT INTO par SELECT generate_series(1, 1000);
CREATE TABLE ch (id int PRIMARY KEY, p int REFERENCES par ON DELETE CASCADE, deleted bool);
INSERT INTO ch SELECT g, g % 900 + 1, false FROM generate_series(1, 50000) g;
CREATE INDEX ON ch (p) WHERE NOT deleted;
CREATE INDEX ON ch USING brin (p);
CREATE INDEX ON ch (id) INCLUDE (p);
CREATE INDEX ON ch (id, p);
CREATE INDEX ON ch ((p + 1));
CREATE TABLE wrong (p int REFERENCES par);
INSERT INTO wrong SELECT g % 900 + 1 FROM generate_series(1, 10000) g;
CREATE INDEX ON wrong USING brin (p);
CREATE TABLE quiet_par (id int PRIMARY KEY);
INSERT INTO quiet_par SELECT generate_series(1, 1000);
CREATE TABLE quiet (p int REFERENCES quiet_par);
INSERT INTO quiet SELECT g % 900 + 1 FROM generate_series(1, 50000) g;
CREATE TABLE rekeyed_par (id int PRIMARY KEY);
INSERT INTO rekeyed_par SELECT generate_series(1, 1000);
CREATE TABLE rekeyed (p int REFERENCES rekeyed_par);
INSERT INTO rekeyed SELECT g % 900 + 1 FROM generate_series(1, 10000) g;
UPDATE rekeyed_par SET id = 1001 WHERE id = 999;
CREATE TABLE par2 (x int, y int, PRIMARY KEY (x, y));
INSERT INTO par2 SELECT g % 10, g FROM generate_series(1, 1000) g;
CREATE TABLE xy (x int, y int, FOREIGN KEY (x, y) REFERENCES par2);
INSERT INTO xy SELECT g % 10, g FROM generate_series(1, 1000) g, generate_series(1, 5);
CREATE INDEX ON xy (x);
CREATE TABLE parted (p int REFERENCES quiet_par, k int) PARTITION BY LIST (k);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
INSERT INTO parted SELECT g % 900 + 1, g % 2 + 1 FROM generate_series(1, 5000) g;
CREATE INDEX ON parted_1 (p);
CREATE TABLE all_parts (p int REFERENCES quiet_par, k int) PARTITION BY LIST (k);
CREATE TABLE all_parts_1 PARTITION OF all_parts FOR VALUES IN (1);
CREATE TABLE all_parts_2 PARTITION OF all_parts FOR VALUES IN (2);
INSERT INTO all_parts SELECT g % 900 + 1, g % 2 + 1 FROM generate_series(1, 5000) g;
CREATE SCHEMA "Odd ""s";
CREATE TABLE "Odd ""s"."T b" ("p ""k" int CONSTRAINT "q ""k" REFERENCES par);
INSERT INTO "Odd ""s"."T b" SELECT g % 900 + 1 FROM generate_series(1, 10000) g;
CREATE TABLE par_text (id text PRIMARY KEY);
INSERT INTO par_text SELECT generate_series(1, 1000);
CREATE TABLE other_coll (p text REFERENCES par_text);
INSERT INTO other_coll SELECT g % 900 + 1 FROM generate_series(1, 2000) g;
CREATE INDEX ON other_coll (p COLLATE "C");
CREATE TABLE broken (p int REFERENCES quiet_par);
INSERT INTO broken SELECT g % 900 + 1 FROM generate_series(1, 2000) g;
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
CREATE UNIQUE INDEX CONCURRENTLY broken_p ON broken (p);
\set ON_ERROR_STOP on
CREATE TABLE enclosed (x int, o int, y int, FOREIGN KEY (x, y) REFERENCES par2);
INSERT INTO enclosed SELECT x, 1, y FROM xy;
CREATE INDEX ON enclosed (x, o, y);
CREATE TABLE tree (id int PRIMARY KEY, up int REFERENCES tree);
INSERT INTO tree SELECT g, 1 FROM generate_series(1, 2000) g;
-- What its statements ask for begins with the column: that index does both, and is found once.
CREATE TABLE asked (p int REFERENCES quiet_par, at int, note text);
INSERT INTO asked SELECT g % 900 + 1, g, repeat('x', 50) FROM generate_series(1, 50000) g;
VACUUM ANALYZE asked;
DO $$ BEGIN FOR i IN 1 .. 60 LOOP PERFORM note FROM asked WHERE p = i ORDER BY at LIMIT 5; END LOOP; END $$;
DO $$ BEGIN
    PERFORM advisor.unignore('index-suggestion');
    ASSERT (SELECT array_agg(rule) FROM advisor.findings WHERE fix ~ 'ON public.asked USING btree \(p, at\)') = '{fk-missing-index}', 'once';
    PERFORM advisor.ignore('fk-missing-index');
    ASSERT (SELECT array_agg(rule) FROM advisor.findings WHERE fix ~ 'ON public.asked USING btree \(p, at\)') = '{index-suggestion}', 'unless the rule is ignored';
    PERFORM advisor.unignore('fk-missing-index');
    PERFORM advisor.ignore('index-suggestion');
END $$;

-- Served by something.
CREATE TABLE reversed (x int, y int, FOREIGN KEY (x, y) REFERENCES par2);
INSERT INTO reversed SELECT * FROM xy;
CREATE INDEX ON reversed (y, x);
CREATE TABLE selective (x int, y int, FOREIGN KEY (x, y) REFERENCES par2);
INSERT INTO selective SELECT * FROM xy;
CREATE INDEX ON selective (y);
CREATE TABLE not_null (x int REFERENCES par, y int REFERENCES par);
INSERT INTO not_null SELECT p, p FROM ch;
CREATE INDEX ON not_null (x) WHERE x IS NOT NULL;
CREATE INDEX ON not_null (y, x) WHERE y IS NOT NULL;
CREATE TABLE not_null_2 ("x x" int, y int, FOREIGN KEY ("x x", y) REFERENCES par2);
INSERT INTO not_null_2 SELECT * FROM xy;
CREATE INDEX ON not_null_2 ("x x", y) WHERE y IS NOT NULL AND "x x" IS NOT NULL;
CREATE TABLE hashed (p int REFERENCES par);
INSERT INTO hashed SELECT p FROM ch;
CREATE INDEX ON hashed USING hash (p);
CREATE TABLE small (p int REFERENCES par);
CREATE TABLE small_tree (id int PRIMARY KEY, up int REFERENCES small_tree);
INSERT INTO small_tree SELECT g, 1 FROM generate_series(1, 500) g;
INSERT INTO small SELECT generate_series(1, 200);
CREATE TABLE by_part (p int REFERENCES par, k int) PARTITION BY LIST (k);
CREATE TABLE by_part_1 (k int, p int REFERENCES par);
ALTER TABLE by_part ATTACH PARTITION by_part_1 FOR VALUES IN (1);
INSERT INTO by_part SELECT p, 1 FROM ch;
CREATE INDEX ON by_part_1 (p, k);
CREATE TABLE parted_good (p int REFERENCES par, k int) PARTITION BY LIST (k);
CREATE TABLE parted_good_1 PARTITION OF parted_good FOR VALUES IN (1);
INSERT INTO parted_good SELECT p, 1 FROM ch;
CREATE INDEX ON parted_good (p);
ANALYZE;
DELETE FROM par WHERE id > 990;
SELECT pg_stat_force_next_flush();
