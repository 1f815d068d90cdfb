-- flags: public.forgotten_id_seq critical
-- flags: public."Odd" warning
CREATE TABLE forgotten (id serial PRIMARY KEY);
ALTER TABLE forgotten ALTER id TYPE bigint;
INSERT INTO forgotten DEFAULT VALUES;
SELECT setval('forgotten_id_seq', 2000000000);
CREATE SEQUENCE "Odd" AS int;
SELECT setval('"Odd"', 1200000000);

-- A column as narrow as its sequence; one that comes round; a limit that was chosen; a bigint; hardly used.
CREATE TABLE narrow (id serial PRIMARY KEY);
SELECT setval('narrow_id_seq', 2000000000);
CREATE SEQUENCE round AS int CYCLE;
SELECT setval('round', 2000000000);
CREATE SEQUENCE chosen MAXVALUE 999999;
SELECT setval('chosen', 900000);
CREATE TABLE wide (id bigserial PRIMARY KEY);
SELECT setval('wide_id_seq', 2000000000);
CREATE SEQUENCE fresh AS int;
SELECT nextval('fresh');
