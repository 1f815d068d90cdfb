-- flags: query N warning
-- undo: differs, an index of another name
CREATE TABLE parts (id int PRIMARY KEY, sku text COLLATE "en-x-icu", code text COLLATE "C", name text COLLATE "en-x-icu");
INSERT INTO parts SELECT g, md5(g::text), md5(g::text), md5(g::text) FROM generate_series(1, 50000) g;
CREATE INDEX ON parts (sku);
CREATE INDEX ON parts (code);
CREATE INDEX ON parts (name);
CREATE INDEX ON parts (name text_pattern_ops);
VACUUM ANALYZE;
DO $$
DECLARE r record;
BEGIN
    FOR i IN 1 .. 20 LOOP
        EXECUTE 'SELECT id FROM parts WHERE sku LIKE $1' INTO r USING 'abc' || i || '%';
        -- a collation that allows it, an index that is made for it, a pattern without a fixed start
        EXECUTE 'SELECT id FROM parts WHERE code LIKE $1' INTO r USING 'abc' || i || '%';
        EXECUTE 'SELECT id FROM parts WHERE name LIKE $1' INTO r USING 'abc' || i || '%';
        EXECUTE 'SELECT id, code FROM parts WHERE sku LIKE $1' INTO r USING '%abc' || i;
    END LOOP;
END
$$;
