-- flags: public.orders.customer_name notice
-- flags: public."Stops"."City n" notice
SELECT advisor.set_threshold('transitive-dependency', 'min_rows', 1000);
CREATE TABLE customers (id int PRIMARY KEY, name text);
INSERT INTO customers SELECT g, 'customer ' || g FROM generate_series(1, 50) g;
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, customer_name text, note text, code char(2), status text,
                     shout text GENERATED ALWAYS AS ('customer ' || customer::text) STORED);
INSERT INTO orders SELECT g, 1 + g % 50, 'customer ' || 1 + g % 50, 'a note of ' || g % 70, 'x' || g % 5, 'the only one' FROM generate_series(1, 5000) g;
CREATE STATISTICS orders_s (dependencies) ON customer, customer_name, note, code, status, shout FROM orders;
CREATE TABLE "Stops" (id int PRIMARY KEY, zip int, "City n" text);
INSERT INTO "Stops" SELECT g, g % 100, 'city of ' || g % 100 / 4 FROM generate_series(1, 5000) g;
CREATE STATISTICS s1 (dependencies) ON zip, "City n" FROM "Stops";
-- Nothing measured; another kind of statistics; few rows; a key.
CREATE TABLE unmeasured AS SELECT * FROM "Stops";
CREATE TABLE counted AS SELECT * FROM "Stops";
CREATE STATISTICS s2 (ndistinct) ON zip, "City n" FROM counted;
CREATE TABLE small AS SELECT * FROM "Stops" LIMIT 500;
CREATE STATISTICS s3 (dependencies) ON zip, "City n" FROM small;
CREATE TABLE keyed (id int PRIMARY KEY, name text);
INSERT INTO keyed SELECT id, "City n" FROM "Stops";
CREATE STATISTICS s4 (dependencies) ON id, name FROM keyed;
ANALYZE;
