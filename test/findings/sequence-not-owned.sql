-- flags: public.lonely
-- flags: public."Odd s"
CREATE SEQUENCE lonely;
CREATE TABLE t (id int DEFAULT nextval('lonely'));
CREATE SEQUENCE "Odd s";
CREATE TABLE "Odd t" ("Id" bigint DEFAULT nextval('"Odd s"'));

-- Owned; an identity; shared; used by none; in another schema.
CREATE TABLE serials (id serial, i int GENERATED ALWAYS AS IDENTITY);
CREATE SEQUENCE shared;
CREATE TABLE a (id int DEFAULT nextval('shared'));
CREATE TABLE b (id int DEFAULT nextval('shared'));
CREATE SEQUENCE unused;
CREATE SCHEMA other;
CREATE SEQUENCE other.s;
CREATE TABLE c (id int DEFAULT nextval('other.s'));
