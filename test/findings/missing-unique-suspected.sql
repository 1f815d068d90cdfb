-- flags: public.users.email notice
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, code text NOT NULL, slug text, token text NOT NULL, nick text NOT NULL);
INSERT INTO users SELECT g, g || '@x', (g / 2)::text, g::text, g::text, g::text FROM generate_series(1, 2000) g;
CREATE UNIQUE INDEX ON users (token);
CREATE TABLE soft (id int PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
INSERT INTO soft SELECT g, g || '@x' FROM generate_series(1, 2000) g;
CREATE TABLE lowered (id int PRIMARY KEY, email text NOT NULL);
INSERT INTO lowered SELECT g, g || '@x' FROM generate_series(1, 2000) g;
CREATE UNIQUE INDEX ON lowered (lower(email));
CREATE TABLE listed (id int PRIMARY KEY, email text NOT NULL);
INSERT INTO listed SELECT g, g || '@x' FROM generate_series(1, 2000) g;
ANALYZE;
DO $$
DECLARE r record;
BEGIN
    FOR i IN 1 .. 1100 LOOP
        EXECUTE 'SELECT id FROM users WHERE email = $1' INTO r USING i || '@x';
        -- has duplicates; nullable; unique already; no name for a key; soft deletes; unique by lower(); asked for in lists
        EXECUTE 'SELECT id FROM users WHERE code = $1' INTO r USING i::text;
        EXECUTE 'SELECT id FROM users WHERE slug = $1' INTO r USING i::text;
        EXECUTE 'SELECT id FROM users WHERE token = $1' INTO r USING i::text;
        EXECUTE 'SELECT id FROM users WHERE nick = $1' INTO r USING i::text;
        EXECUTE 'SELECT id FROM soft WHERE email = $1' INTO r USING i || '@x';
        EXECUTE 'SELECT id FROM lowered WHERE email = $1' INTO r USING i || '@x';
        EXECUTE 'SELECT id FROM listed WHERE email = ANY ($1)' INTO r USING ARRAY[i || '@x'];
    END LOOP;
END
$$;
