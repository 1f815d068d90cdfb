-- flags: public.again
CREATE SEQUENCE again MAXVALUE 1000 CYCLE;
CREATE TABLE tickets (id int PRIMARY KEY DEFAULT nextval('again'));
INSERT INTO tickets SELECT FROM generate_series(1, 10);

-- Unique only beside another column; not unique; no cycle.
CREATE SEQUENCE per_day CYCLE;
CREATE TABLE daily (day date, n int DEFAULT nextval('per_day'), PRIMARY KEY (day, n));
INSERT INTO daily SELECT 'today' FROM generate_series(1, 10);
CREATE SEQUENCE slot CYCLE;
CREATE TABLE slots (n int DEFAULT nextval('slot'));
INSERT INTO slots SELECT FROM generate_series(1, 10);
CREATE TABLE plain (id serial PRIMARY KEY);
INSERT INTO plain SELECT FROM generate_series(1, 10);
ANALYZE;
