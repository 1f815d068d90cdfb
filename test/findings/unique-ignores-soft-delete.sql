-- flags: public.users_name_key notice
CREATE TABLE users (id int PRIMARY KEY, name text UNIQUE, mail text, slug text UNIQUE, deleted_at timestamptz, UNIQUE (mail, deleted_at));
CREATE TABLE of_users (slug text REFERENCES users (slug));
INSERT INTO users SELECT g, 'n' || g, 'm' || g, 's' || g, CASE WHEN g % 10 = 0 THEN now() END FROM generate_series(1, 2000) g;
CREATE UNIQUE INDEX users_live ON users (mail) WHERE deleted_at IS NULL;
-- Nothing is deleted; statements read deleted ones, too; few calls.
CREATE TABLE never_deleted (LIKE users INCLUDING ALL);
INSERT INTO never_deleted SELECT id, name, mail, slug FROM users;
CREATE TABLE both_read (LIKE users INCLUDING ALL);
INSERT INTO both_read SELECT * FROM users;
CREATE TABLE few (LIKE users INCLUDING ALL);
INSERT INTO few SELECT * FROM users;
ANALYZE;
DO $$
DECLARE r record; t text;
BEGIN
    FOR i IN 1 .. 120 LOOP
        FOREACH t IN ARRAY '{users,never_deleted,both_read,few}'::text[] LOOP
            CONTINUE WHEN t = 'few' AND i > 20;
            EXECUTE format('SELECT id FROM %I WHERE name = $1 AND deleted_at IS NULL', t) INTO r USING 'n' || i;
        END LOOP;
        EXECUTE 'SELECT mail FROM both_read WHERE id = $1' INTO r USING i;
    END LOOP;
END
$$;
