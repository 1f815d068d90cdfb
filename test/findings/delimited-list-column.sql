-- flags: public.posts.tags warning
-- flags: public.posts."Ids" notice
CREATE TABLE posts (id int PRIMARY KEY, tags text, "Ids" varchar(100), title text, amount text, name text, pair text);
INSERT INTO posts SELECT g, (ARRAY['a,b', 'news,b,c', 'x', 'a,b,c,d'])[g % 4 + 1] || ',t' || g % 300, concat_ws(';', g, g + 1, CASE WHEN g % 2 = 0 THEN g + 2 END, CASE WHEN g % 3 = 0 THEN 7 END),
    'Hello, world, this is ' || g, to_char(g * 12345, 'FM999,999,999'), 'Doe, John', g || ',' || g + 1
FROM generate_series(1, 2000) g;
ANALYZE;
SELECT count(*) FROM posts WHERE tags LIKE '%b%';
SELECT count(*) FROM posts WHERE title LIKE '%b%';
