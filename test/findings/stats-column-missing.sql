-- flags: public.retyped notice
-- flags: public."Add ed" notice
-- undo: stays away, statistics stay
CREATE TABLE retyped (id int PRIMARY KEY, name varchar(20), other int);
INSERT INTO retyped SELECT g, 'n' || g, g FROM generate_series(1, 2000) g;
CREATE TABLE "Add ed" (id int PRIMARY KEY);
INSERT INTO "Add ed" SELECT generate_series(1, 2000);
-- No target; few rows; never analysed; a target of 0 from the start.
CREATE TABLE untold (id int PRIMARY KEY, blob text);
ALTER TABLE untold ALTER blob SET STATISTICS 0;
INSERT INTO untold SELECT g, 'b' FROM generate_series(1, 2000) g;
CREATE TABLE few (id int PRIMARY KEY, name varchar(20));
INSERT INTO few SELECT g, 'n' FROM generate_series(1, 50) g;
CREATE TABLE never (id int PRIMARY KEY);
INSERT INTO never SELECT generate_series(1, 2000);
CREATE TABLE nulls (id int PRIMARY KEY, empty text);
INSERT INTO nulls SELECT generate_series(1, 2000);
ANALYZE retyped, "Add ed", untold, few, nulls;
ALTER TABLE retyped ALTER name TYPE text;
ALTER TABLE "Add ed" ADD "ne w" int DEFAULT 5;
ALTER TABLE few ALTER name TYPE text;
