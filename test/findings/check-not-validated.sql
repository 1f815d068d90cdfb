-- flags: positive on public.t warning
-- flags: "Odd c" on other."Odd t"
CREATE TABLE t (x int);
ALTER TABLE t ADD CONSTRAINT positive CHECK (x > 0) NOT VALID;
CREATE SCHEMA other;
CREATE TABLE other."Odd t" ("X" int);
ALTER TABLE other."Odd t" ADD CONSTRAINT "Odd c" CHECK ("X" > 0) NO INHERIT NOT VALID;

CREATE TABLE good (x int CHECK (x > 0));
CREATE TABLE parent (x int);
CREATE TABLE child (x int);
ALTER TABLE parent ADD PRIMARY KEY (x);
ALTER TABLE child ADD FOREIGN KEY (x) REFERENCES parent NOT VALID;
