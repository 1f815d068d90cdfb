-- flags: public.child.parent critical
-- flags: public."Odd"."P b" warning
CREATE TABLE parent (id bigserial PRIMARY KEY);
SELECT setval('parent_id_seq', 1100000000);
CREATE TABLE child (parent int REFERENCES parent);
CREATE TABLE pair (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE "Odd" (a int, "P b" smallint, FOREIGN KEY (a, "P b") REFERENCES pair);

-- Wider than the key; equal; equal below a domain; only the length differs.
CREATE TABLE wider (parent bigint REFERENCES parent);
CREATE TABLE pint (id int PRIMARY KEY);
CREATE TABLE wider_too (parent bigint REFERENCES pint);
CREATE DOMAIN big AS bigint;
CREATE TABLE by_domain (parent big REFERENCES parent);
CREATE TABLE code (id varchar(50) PRIMARY KEY);
CREATE TABLE coded (id varchar(10) REFERENCES code);
