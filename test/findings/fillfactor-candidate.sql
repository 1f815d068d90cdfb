-- flags: "S s"."Counters" notice
CREATE SCHEMA "S s";
CREATE TABLE "S s"."Counters" (id int PRIMARY KEY, n int NOT NULL);
-- an indexed column is set; fillfactor is set; no index that pays; mostly inserts
CREATE TABLE indexed (id int PRIMARY KEY, n int NOT NULL);
CREATE INDEX ON indexed (n);
CREATE TABLE partial (id int PRIMARY KEY, n int NOT NULL);
CREATE INDEX ON partial (id) WHERE n > 100;
CREATE TABLE roomy (id int PRIMARY KEY, n int NOT NULL) WITH (fillfactor = 90);
CREATE TABLE no_index (id int, n int NOT NULL);
CREATE TABLE inserted (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO "S s"."Counters" SELECT g, 0 FROM generate_series(1, 2000) g;
INSERT INTO indexed SELECT g, 0 FROM generate_series(1, 2000) g;
INSERT INTO partial SELECT g, 0 FROM generate_series(1, 2000) g;
INSERT INTO roomy SELECT g, 0 FROM generate_series(1, 2000) g;
INSERT INTO no_index SELECT g, 0 FROM generate_series(1, 2000) g;
INSERT INTO inserted SELECT g, 0 FROM generate_series(1, 3000) g;
SELECT advisor.set_threshold('fillfactor-candidate', 'min_updates', 1500);
UPDATE "S s"."Counters" SET n = n + 1;
UPDATE indexed SET n = n + 1;
UPDATE partial SET n = n + 1;
UPDATE roomy SET n = n + 1;
UPDATE no_index SET n = n + 1;
UPDATE inserted SET n = n + 1 WHERE id < 2000;
ANALYZE;
