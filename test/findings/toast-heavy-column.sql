-- flags: public."Docs"."Body" notice
SELECT advisor.set_threshold('toast-heavy-column', 'min_bytes', 1000000);
CREATE TABLE "Docs" (id int PRIMARY KEY, title text, "Body" text, kind int);
INSERT INTO "Docs" SELECT g, 'title ' || g, (SELECT string_agg(md5(g::text || h), '') FROM generate_series(1, 150) h), g % 5 FROM generate_series(1, 1000) g;
-- Returned as well; never in a condition; two such columns; short values; asked for seldom.
CREATE TABLE returned AS SELECT * FROM "Docs";
CREATE TABLE unasked AS SELECT * FROM "Docs";
CREATE TABLE two AS SELECT id, "Body" AS a, "Body" AS b FROM "Docs";
CREATE TABLE short AS SELECT id, title, left("Body", 100) AS "Body" FROM "Docs";
CREATE TABLE seldom AS SELECT * FROM "Docs";
VACUUM ANALYZE;
DO $$
DECLARE r record;
BEGIN
    FOR i IN 1 .. 15 LOOP
        EXECUTE 'SELECT id FROM "Docs" WHERE "Body" LIKE $1' INTO r USING '%' || i || 'abc%';
        EXECUTE 'SELECT * FROM returned WHERE "Body" LIKE $1' INTO r USING '%' || i || 'abc%';
        EXECUTE 'SELECT "Body" FROM unasked WHERE kind = $1' INTO r USING i;
        EXECUTE 'SELECT id FROM two WHERE a LIKE $1' INTO r USING '%' || i || 'abc%';
        EXECUTE 'SELECT id FROM short WHERE "Body" LIKE $1' INTO r USING '%' || i || 'abc%';
        IF i < 5 THEN
            EXECUTE 'SELECT id FROM seldom WHERE "Body" LIKE $1' INTO r USING '%' || i || 'abc%';
        END IF;
    END LOOP;
END
$$;
