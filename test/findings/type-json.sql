-- flags: public.t.x notice
-- flags: public."Odd"."By domain"
CREATE TABLE t (id int PRIMARY KEY, x json);
CREATE DOMAIN d AS json;
CREATE DOMAIN e AS d;
CREATE TABLE "Odd" ("By domain" e);
CREATE TABLE good (n numeric(12, 2), t time, ts timestamptz, b jsonb, many json[]);
CREATE VIEW v AS SELECT * FROM t;
