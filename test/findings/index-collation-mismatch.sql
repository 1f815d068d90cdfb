-- flags: query N warning
CREATE TABLE parts (id int PRIMARY KEY, sku text COLLATE "en-x-icu", code text COLLATE "en-x-icu", note text COLLATE "en-x-icu");
INSERT INTO parts SELECT g, md5(g::text), md5(g::text), md5(g::text) FROM generate_series(1, 50000) g;
CREATE INDEX ON parts (sku);
CREATE INDEX ON parts (code);
CREATE INDEX ON parts (code COLLATE "C");
VACUUM ANALYZE;
DO $$
DECLARE r record;
BEGIN
    FOR i IN 1 .. 20 LOOP
        EXECUTE 'SELECT id FROM parts WHERE sku COLLATE "C" = $1' INTO r USING md5(i::text);
        -- An index of each kind; the collation of the index; no index at all.
        EXECUTE 'SELECT id, code FROM parts WHERE code COLLATE "C" = $1' INTO r USING md5(i::text);
        EXECUTE 'SELECT id, sku FROM parts WHERE sku = $1' INTO r USING md5(i::text);
        EXECUTE 'SELECT id, note FROM parts WHERE note COLLATE "C" = $1' INTO r USING md5(i::text);
    END LOOP;
END
$$;
