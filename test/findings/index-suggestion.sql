-- flags: public.orders warning
CREATE TABLE orders (id int PRIMARY KEY, customer int, note text);
INSERT INTO orders SELECT g, g % 5000, md5(g::text) FROM generate_series(1, 50000) g;
CREATE TABLE small (id int, v text);
INSERT INTO small SELECT g, 'v' FROM generate_series(1, 50) g;
VACUUM ANALYZE;
DO $$ BEGIN FOR i IN 1 .. 60 LOOP PERFORM * FROM orders WHERE customer = i; PERFORM * FROM small WHERE v = 'v'; END LOOP; END $$;
