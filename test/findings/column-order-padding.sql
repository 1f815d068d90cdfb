-- flags: public.loose notice
SELECT advisor.set_threshold('column-order-padding', 'min_mb', 0);
CREATE TABLE loose (a boolean, b bigint, c boolean, d timestamptz, e smallint, f bigint);
INSERT INTO loose SELECT true, g, false, now(), 1, g FROM generate_series(1, 1000) g;
-- In order; little is lost; behind text; behind what can be NULL; empty.
CREATE TABLE ordered (b bigint, d timestamptz, f bigint, e smallint, a boolean, c boolean);
INSERT INTO ordered SELECT g, now(), g, 1, true, false FROM generate_series(1, 1000) g;
CREATE TABLE long_rows (a boolean, b bigint, c boolean, d bigint, t text);
INSERT INTO long_rows SELECT true, g, true, g, repeat('x', 200) FROM generate_series(1, 1000) g;
CREATE TABLE behind (t text, a boolean, b bigint, c boolean, d bigint);
INSERT INTO behind SELECT 'x', true, g, true, g FROM generate_series(1, 1000) g;
CREATE TABLE nullable (a boolean, b bigint, c boolean, d bigint);
INSERT INTO nullable SELECT nullif(g % 2 = 0, true), g, true, g FROM generate_series(1, 1000) g;
CREATE TABLE empty (a boolean, b bigint, c boolean, d bigint);
ANALYZE;
