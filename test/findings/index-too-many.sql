-- flags: public.many notice
-- flags: public.heavy notice
SELECT advisor.set_threshold('index-too-many', 'min_writes', 20000);
CREATE TABLE many (a int, b int, c int, d int, e int, f int, g int, h int, i text);
CREATE INDEX ON many (a); CREATE INDEX ON many (b); CREATE INDEX ON many (c); CREATE INDEX ON many (d); CREATE INDEX ON many (e);
CREATE INDEX ON many (f); CREATE INDEX ON many (g); CREATE INDEX ON many (h); CREATE INDEX ON many (i);
INSERT INTO many SELECT g, g, g, g, g, g, g, g, repeat('x', 500) FROM generate_series(1, 20000) g;
CREATE TABLE heavy (a int, b int);
CREATE INDEX ON heavy (a); CREATE INDEX ON heavy (b); CREATE INDEX ON heavy (a, b); CREATE INDEX ON heavy (b, a); CREATE INDEX ON heavy USING hash (a);
INSERT INTO heavy SELECT g, g FROM generate_series(1, 20000) g;

CREATE TABLE few (a int PRIMARY KEY, b int UNIQUE, c int UNIQUE);
INSERT INTO few SELECT g, g, g FROM generate_series(1, 20000) g;
CREATE TABLE partial (a int, b int, c text);
CREATE INDEX ON partial (a) WHERE b = 1; CREATE INDEX ON partial (a) WHERE b = 2; CREATE INDEX ON partial (a) WHERE b = 3;
CREATE INDEX ON partial (a) WHERE b = 4; CREATE INDEX ON partial (a) WHERE b = 5; CREATE INDEX ON partial (a) WHERE b = 6;
CREATE INDEX ON partial (a) WHERE b = 7; CREATE INDEX ON partial (a) WHERE b = 8; CREATE INDEX ON partial (a) WHERE b = 9;
INSERT INTO partial SELECT g, g % 10 FROM generate_series(1, 20000) g;
CREATE TABLE small (LIKE many INCLUDING ALL);
INSERT INTO small SELECT * FROM many LIMIT 5000;
SELECT pg_stat_force_next_flush();
VACUUM ANALYZE;
