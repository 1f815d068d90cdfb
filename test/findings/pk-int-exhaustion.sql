-- flags: public.by_bigint_sequence.id warning
-- flags: public.serial_key.id critical
-- flags: public."Odd ""name"."Id" notice
-- flags: public.no_sequence.id critical
-- flags: public.counting_down.id warning
-- flags: public.soon.id critical
CREATE SEQUENCE big;
CREATE TABLE by_bigint_sequence (id int PRIMARY KEY DEFAULT nextval('big'));
INSERT INTO by_bigint_sequence SELECT nextval('big') FROM generate_series(1, 2000);
SELECT setval('big', 1700000000);
SELECT advisor.set_threshold('pk-int-exhaustion', 'critical_above', 0.85);
CREATE TABLE serial_key (id smallserial PRIMARY KEY);
INSERT INTO serial_key SELECT FROM generate_series(1, 30000);
CREATE TABLE "Odd ""name" ("Id" smallint GENERATED ALWAYS AS IDENTITY);
INSERT INTO "Odd ""name" SELECT FROM generate_series(1, 12000);
CREATE TABLE no_sequence (id int PRIMARY KEY);
INSERT INTO no_sequence SELECT 2147480000 + g FROM generate_series(1, 2000) g;
CREATE SEQUENCE down INCREMENT -1;
CREATE TABLE counting_down (id int PRIMARY KEY DEFAULT nextval('down'));
INSERT INTO counting_down SELECT FROM generate_series(1, 2000);
SELECT setval('down', -1500000000);

-- A bigint, a sequence that comes round, a lookup table at rest, what is far from the end, a key that is another table's.
CREATE TABLE wide (id bigserial PRIMARY KEY);
INSERT INTO wide SELECT FROM generate_series(1, 2000);
SELECT setval('wide_id_seq', 3000000000);
CREATE SEQUENCE slots MAXVALUE 32767 CYCLE;
CREATE TABLE rotating (slot smallint PRIMARY KEY DEFAULT nextval('slots'));
INSERT INTO rotating SELECT FROM generate_series(1, 30000);
CREATE TABLE lookup (id smallint PRIMARY KEY);
INSERT INTO lookup VALUES (32000);
CREATE TABLE young (id serial PRIMARY KEY);
INSERT INTO young SELECT FROM generate_series(1, 3000);
CREATE TABLE of_no_sequence (id int PRIMARY KEY REFERENCES no_sequence);
INSERT INTO of_no_sequence SELECT id FROM no_sequence;
ANALYZE;

-- Days left: since the reset three per cent of all numbers were taken.
SELECT pg_stat_force_next_flush();
SELECT pg_stat_reset();
SELECT advisor.set_threshold('pk-int-exhaustion', 'min_days', 0);
CREATE TABLE soon (id smallserial PRIMARY KEY);
INSERT INTO soon SELECT FROM generate_series(1, 1000);
SELECT pg_stat_force_next_flush();
