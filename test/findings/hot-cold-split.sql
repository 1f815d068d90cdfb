-- flags: public."Pages" notice
SELECT advisor.set_threshold('hot-cold-split', 'min_updates', 1000);
CREATE TABLE "Pages" (id int PRIMARY KEY, body text, title text, "Seen at" timestamptz, views int);
CREATE INDEX ON "Pages" (views);
INSERT INTO "Pages" SELECT g, repeat(md5(g::text), 20), 'title ' || g, now(), 0 FROM generate_series(1, 1000) g;
-- Short rows; many columns; heap-only; the long column is among them; other statements set others; few updates.
CREATE TABLE short AS SELECT id, left(body, 100) AS body, views FROM "Pages";
CREATE INDEX ON short (views);
CREATE TABLE many AS SELECT id, body, views AS a, views AS b, views AS c, views AS d FROM "Pages";
CREATE INDEX ON many (a);
CREATE TABLE heap_only (LIKE "Pages") WITH (fillfactor = 30);
INSERT INTO heap_only SELECT * FROM "Pages";
CREATE TABLE rewritten AS SELECT * FROM "Pages";
CREATE INDEX ON rewritten (views);
CREATE TABLE mixed AS SELECT * FROM "Pages";
CREATE INDEX ON mixed (views);
CREATE TABLE few AS SELECT * FROM "Pages";
CREATE INDEX ON few (views);
SELECT pg_stat_force_next_flush();
VACUUM ANALYZE;
DO $$
BEGIN
    FOR i IN 1 .. 3 LOOP
        EXECUTE 'UPDATE "Pages" SET views = views + 1, "Seen at" = now()';
        EXECUTE 'UPDATE short SET views = views + 1';
        EXECUTE 'UPDATE many SET a = a + 1, b = b + 1, c = c + 1, d = d + 1';
        EXECUTE 'UPDATE rewritten SET views = views + 1, body = body || 1';
        EXECUTE 'UPDATE mixed SET views = views + 1';
        EXECUTE 'UPDATE mixed SET title = title || 1, body = body || 1';
    END LOOP;
    FOR i IN 1 .. 1500 LOOP
        EXECUTE 'UPDATE heap_only SET views = views + 1 WHERE id = $1' USING i;
    END LOOP;
    UPDATE few SET views = 1 WHERE id < 100;
END
$$;
SELECT pg_stat_force_next_flush();
