-- flags: public.touched warning
-- flags: public."Par ""tial" warning
SELECT advisor.set_threshold('index-blocks-hot-updates', 'min_updates', 500);
CREATE TABLE touched (id int PRIMARY KEY, at timestamptz, n int) WITH (fillfactor = 50);
CREATE INDEX touched_at ON touched (at);
CREATE TABLE "Par ""tial" (id int PRIMARY KEY, "st ate" int, n int) WITH (fillfactor = 50);
CREATE INDEX ON "Par ""tial" (id) WHERE "st ate" > 0;
CREATE TABLE free (id int PRIMARY KEY, at timestamptz, n int) WITH (fillfactor = 50);
CREATE INDEX ON free (at);
CREATE TABLE full_pages (id int PRIMARY KEY, at timestamptz, n int);
CREATE INDEX ON full_pages (at);
CREATE TABLE by_key (id int PRIMARY KEY, n int UNIQUE);
CREATE TABLE few (LIKE touched INCLUDING ALL);
INSERT INTO touched SELECT g, now(), g FROM generate_series(1, 100) g;
INSERT INTO "Par ""tial" SELECT g, 0, g FROM generate_series(1, 100) g;
INSERT INTO free SELECT * FROM touched;
INSERT INTO full_pages SELECT g, now(), g FROM generate_series(1, 1000) g;
INSERT INTO by_key SELECT g, g FROM generate_series(1, 100) g;
INSERT INTO few SELECT * FROM touched;
DO $$ BEGIN FOR i IN 1 .. 10 LOOP
    UPDATE touched SET at = at + '1 s' WHERE true;
    UPDATE "Par ""tial" SET "st ate" = i;
    UPDATE free SET n = n + 1;
    UPDATE by_key SET n = n + 1000;
END LOOP; END $$;
UPDATE few SET at = at + '1 s';
UPDATE full_pages SET n = n + 1;
UPDATE touched SET n = 1 WHERE id = 1;
ANALYZE;
SELECT pg_stat_force_next_flush();
