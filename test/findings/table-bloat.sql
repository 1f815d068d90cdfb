-- flags: public."Bloa ""ted" warning
-- flags: public.half notice
-- flags: public.nulls notice
SELECT advisor.set_threshold('table-bloat', 'min_bytes', 200000);
CREATE EXTENSION pgstattuple;
CREATE TABLE "Bloa ""ted" (a int, b text, c bigint);
INSERT INTO "Bloa ""ted" SELECT g, md5(g::text), g FROM generate_series(1, 50000) g;
DELETE FROM "Bloa ""ted" WHERE a % 5 <> 0;
CREATE TABLE half (a bool, b bigint, c bool, d bigint, gone int);
INSERT INTO half SELECT true, g, true, g, g FROM generate_series(1, 50000) g;
DELETE FROM half WHERE b % 2 <> 0;
ALTER TABLE half DROP COLUMN gone;
CREATE TABLE nulls (a int, b text, c text);
INSERT INTO nulls SELECT g, CASE WHEN g % 3 = 0 THEN md5(g::text) END, NULL FROM generate_series(1, 50000) g;
DELETE FROM nulls WHERE a % 2 <> 0;

CREATE TABLE dense (a bool, b bigint, c bool, d bigint);
INSERT INTO dense SELECT true, g, true, g FROM generate_series(1, 50000) g;
CREATE TABLE wide (a int, b text);
INSERT INTO wide SELECT g, repeat(md5(g::text), 30) FROM generate_series(1, 3000) g;
CREATE TABLE toasted (a int, b text);
INSERT INTO toasted SELECT g, (SELECT string_agg(md5(g::text || h), '') FROM generate_series(1, 200) h) FROM generate_series(1, 3000) g;
CREATE TABLE loose (a int, b text) WITH (fillfactor = 30);
INSERT INTO loose SELECT g, md5(g::text) FROM generate_series(1, 50000) g;
CREATE TABLE unknown (a int, b text);
INSERT INTO unknown SELECT g, md5(g::text) FROM generate_series(1, 50000) g;
DELETE FROM unknown WHERE a % 5 <> 0;
SELECT pg_stat_force_next_flush();
VACUUM ANALYZE "Bloa ""ted", half, nulls, dense, wide, toasted, loose;
VACUUM unknown;
-- What is said of each agrees with what is measured.
DO $$
DECLARE
    f record;
    measured float8;
BEGIN
    FOR f IN SELECT object, (evidence ->> 'share')::float8 AS share FROM advisor.findings WHERE rule = 'table-bloat' LOOP
        SELECT free_percent / 100 INTO measured FROM pgstattuple(f.object::regclass);
        IF abs(measured - f.share) > 0.1 THEN
            RAISE EXCEPTION '%: said %, measured %', f.object, f.share, measured;
        END IF;
    END LOOP;
END $$;
