-- flags: public.articles.body notice
CREATE TABLE articles (id int PRIMARY KEY, body text, title text);
INSERT INTO articles SELECT g, md5(g::text) || md5(g::text), 'title ' || g FROM generate_series(1, 50000) g;
CREATE TABLE short (body text);
INSERT INTO short SELECT 'x' FROM generate_series(1, 20) g;
VACUUM ANALYZE;
DO $$
DECLARE r record;
BEGIN
    FOR i IN 1 .. 20 LOOP
        EXECUTE 'SELECT id FROM articles WHERE body LIKE $1' INTO r USING '%abc' || i || '%';
        -- keeps most rows; has a fixed start; a small table
        EXECUTE 'SELECT count(*) FROM articles WHERE title LIKE $1' INTO r USING '%title%';
        EXECUTE 'SELECT id FROM articles WHERE title LIKE $1' INTO r USING 'title 1' || i || '%';
        EXECUTE 'SELECT FROM short WHERE body LIKE $1' INTO r USING '%x%';
    END LOOP;
END
$$;
