-- flags: public.region warning
SELECT advisor.set_threshold('fk-cascade-fanout', 'max_rows', 1000);
CREATE TABLE region (id int PRIMARY KEY);
CREATE TABLE customer (id int PRIMARY KEY, region int REFERENCES region ON DELETE CASCADE);
CREATE TABLE invoice (id int PRIMARY KEY, customer int REFERENCES customer ON DELETE CASCADE);
INSERT INTO region SELECT generate_series(1, 11);
INSERT INTO customer SELECT g, g % 10 + 1 FROM generate_series(1, 1000) g;
INSERT INTO invoice SELECT g, g % 1000 + 1 FROM generate_series(1, 20000) g;
DELETE FROM region WHERE id = 11;
DELETE FROM customer WHERE id = 1;

-- No deletes; no cascade; a tree in itself; few rows.
CREATE TABLE kept (id int PRIMARY KEY);
CREATE TABLE of_kept (k int REFERENCES kept ON DELETE CASCADE);
INSERT INTO kept VALUES (1);
INSERT INTO of_kept SELECT 1 FROM generate_series(1, 5000);
CREATE TABLE guarded (id int PRIMARY KEY);
CREATE TABLE of_guarded (k int REFERENCES guarded);
INSERT INTO guarded VALUES (1), (2);
INSERT INTO of_guarded SELECT 1 FROM generate_series(1, 5000);
DELETE FROM guarded WHERE id = 2;
CREATE TABLE tree (id int PRIMARY KEY, up int REFERENCES tree ON DELETE CASCADE);
INSERT INTO tree SELECT g, 1 FROM generate_series(1, 3000) g;
DELETE FROM tree WHERE id = 3000;
ANALYZE;
SELECT pg_stat_force_next_flush();
