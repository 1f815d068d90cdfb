-- flags: public.t notice
CREATE TABLE t (id int, a char(10), "B" char(20));
INSERT INTO t SELECT g, 'a' || g, 'b' || g FROM generate_series(1, 2000) g;
-- Codes that fill their length; single letters; other types; nothing sampled.
CREATE TABLE codes (country char(2), flag char(1), v varchar(10), name text);
INSERT INTO codes SELECT (ARRAY['de', 'fr', 'it'])[g % 3 + 1], 'y', 'x ', 'x ' FROM generate_series(1, 2000) g;
CREATE TABLE empty (a char(10));
ANALYZE;
