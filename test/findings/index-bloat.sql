-- flags: public."Bloated ""a" warning
-- flags: public.bloated_b notice
-- undo: stays away, a rebuilt index is small
SELECT advisor.set_threshold('index-bloat', 'min_bytes', 200000);
CREATE EXTENSION pgstattuple;
CREATE TABLE bloated (a int, b int, c int);
INSERT INTO bloated SELECT g, g, g / 100 FROM generate_series(1, 100000) g;
CREATE INDEX "Bloated ""a" ON bloated (a);
DELETE FROM bloated WHERE a % 5 <> 0;
CREATE INDEX bloated_b ON bloated (b);
VACUUM bloated;
DELETE FROM bloated WHERE a % 2 = 0;
-- Many equal keys: small by deduplication, without being bloated.
CREATE TABLE equal (a int, b text);
INSERT INTO equal SELECT g % 10, 'value ' || g % 10 FROM generate_series(1, 100000) g;
CREATE INDEX equal_a ON equal (a);
CREATE INDEX equal_b ON equal (b);
CREATE INDEX equal_each ON equal (a) WITH (deduplicate_items = off);
CREATE TABLE loose (a int);
INSERT INTO loose SELECT generate_series(1, 100000);
CREATE INDEX loose_a ON loose (a) WITH (fillfactor = 40);
CREATE TABLE random (a int, b text);
CREATE INDEX random_a ON random (b);
INSERT INTO random SELECT g, md5(g::text) FROM generate_series(1, 50000) g;
CREATE TABLE unknown (a int);
INSERT INTO unknown SELECT generate_series(1, 100000);
CREATE INDEX unknown_a ON unknown (a);
DELETE FROM unknown WHERE a % 10 <> 0;
CREATE TABLE partial (a int);
INSERT INTO partial SELECT generate_series(1, 100000);
CREATE INDEX partial_a ON partial (a) WHERE a % 2 = 0;
DELETE FROM partial WHERE a % 10 <> 0;
SELECT pg_stat_force_next_flush();
VACUUM ANALYZE bloated, equal, loose, random, partial;
VACUUM unknown;
-- What is said of each agrees with what is measured: leaf pages, filled to 90 % when they are built.
DO $$
DECLARE
    f record;
    measured float8;
BEGIN
    FOR f IN SELECT object, (evidence ->> 'share')::float8 AS share FROM advisor.findings WHERE rule = 'index-bloat' LOOP
        SELECT 1 - (1 - (empty_pages + deleted_pages)::float8 / (leaf_pages + empty_pages + deleted_pages)) * avg_leaf_density / 90
        INTO measured FROM pgstatindex(f.object::regclass);
        IF abs(measured - f.share) > 0.08 THEN
            RAISE EXCEPTION '%: said %, measured %', f.object, f.share, measured;
        END IF;
    END LOOP;
END $$;
