-- flags: public.t.x notice
-- flags: public."Odd"."By domain"
CREATE TABLE t (id int PRIMARY KEY, x timetz);
CREATE DOMAIN d AS timetz;
CREATE DOMAIN e AS d;
CREATE TABLE "Odd" ("By domain" e);
CREATE TABLE good (n numeric(12, 2), t time, ts timestamptz, b jsonb, many timetz[]);
CREATE VIEW v AS SELECT * FROM t;
