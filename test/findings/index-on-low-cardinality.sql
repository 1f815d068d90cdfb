-- flags: public.t_flag notice
-- flags: public."t ""three" notice
SELECT advisor.set_threshold('index-on-low-cardinality', 'min_bytes', 50000);
CREATE TABLE three (id int PRIMARY KEY);
INSERT INTO three VALUES (0), (1), (2);
CREATE TABLE t (id int PRIMARY KEY, flag bool, rare bool, three int, fk int REFERENCES three, sorted int, many int, nulls int);
INSERT INTO t SELECT g, g % 2 = 0, g % 100 = 0, g % 3, g % 3, g / 10000, g % 7, CASE WHEN g % 100 > 0 THEN g % 2 END FROM generate_series(1, 20000) g;
CREATE INDEX t_flag ON t (flag);
CREATE INDEX t_rare ON t (rare);
CREATE INDEX "t ""three" ON t (three);
CREATE INDEX t_fk ON t (fk);
CREATE INDEX t_sorted ON t (sorted);
CREATE INDEX t_many ON t (many);
CREATE INDEX t_nulls ON t (nulls);
CREATE INDEX t_two ON t (three, id);
DROP INDEX "t ""three";
CREATE INDEX "t ""three" ON t (three NULLS FIRST);
CREATE INDEX t_partial ON t (flag) WHERE id > 0;
CREATE TABLE unknown (flag bool);
INSERT INTO unknown SELECT g % 2 = 0 FROM generate_series(1, 20000) g;
CREATE INDEX ON unknown (flag);
VACUUM ANALYZE t;
VACUUM unknown;
