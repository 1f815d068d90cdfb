-- flags: public.orders warning
CREATE TABLE orders (id int PRIMARY KEY, customer int, note text);
INSERT INTO orders SELECT g, g % 5000, md5(g::text) FROM generate_series(1, 50000) g;
CREATE TABLE small (id int, v text);
INSERT INTO small SELECT g, 'v' FROM generate_series(1, 50) g;
-- Read as a whole, by a query and by a dump; a small table over and over.
CREATE TABLE summed (id int PRIMARY KEY, n int);
INSERT INTO summed SELECT g, g FROM generate_series(1, 50000) g;
CREATE TABLE lookup (id int PRIMARY KEY, name text);
INSERT INTO lookup SELECT g, 'v' || g FROM generate_series(1, 800) g;
VACUUM ANALYZE;
DO $$ BEGIN FOR i IN 1 .. 60 LOOP PERFORM sum(n) FROM summed; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1 .. 10000 LOOP PERFORM FROM lookup WHERE name = 'v5'; END LOOP; END $$;
COPY summed TO '/dev/null';
DO $$ BEGIN FOR i IN 1 .. 60 LOOP PERFORM * FROM orders WHERE customer = i; PERFORM * FROM small WHERE v = 'v'; END LOOP; END $$;
