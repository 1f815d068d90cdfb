-- flags: public.t.code notice
-- flags: public.t."Other" notice
CREATE TABLE t (id int PRIMARY KEY, code text UNIQUE, "Other" int, gaps int UNIQUE, note text, v int UNIQUE NOT NULL, part int, same int UNIQUE NULLS NOT DISTINCT);
ALTER TABLE t ADD CONSTRAINT tu UNIQUE ("Other", id);
CREATE UNIQUE INDEX ON t (part) WHERE id > 5;
INSERT INTO t SELECT g, g, g, nullif(g, 7), 'n', g, g, g FROM generate_series(1, 12000) g;
CREATE TABLE few (code text UNIQUE);
INSERT INTO few SELECT g FROM generate_series(1, 100) g;
ANALYZE;
