-- flags: public notice
CREATE TABLE t (id int, a char(10), "B" char(200));
INSERT INTO t SELECT g, 'a' || g, 'b' || g FROM generate_series(1, 2000) g;
-- Codes that fill their length; single letters; other types; nothing sampled.
CREATE SCHEMA fine;
CREATE TABLE fine.codes (country char(2), flag char(1), v varchar(10), name text);
INSERT INTO fine.codes SELECT (ARRAY['de', 'fr', 'it'])[g % 3 + 1], 'y', 'x ', 'x ' FROM generate_series(1, 2000) g;
CREATE TABLE fine.empty (a char(10));
ANALYZE;
-- Both columns are in it, the larger table's first.
DO $$ BEGIN
    ASSERT (SELECT evidence -> 'examples' FROM advisor.findings WHERE rule = 'type-char-n') = '["public.t.a", "public.t.\"B\""]', 'the columns';
END $$;
