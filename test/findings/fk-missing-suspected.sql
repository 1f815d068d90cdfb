-- flags: public."Order".customer_id notice
CREATE TABLE customers (id int PRIMARY KEY, email text UNIQUE);
INSERT INTO customers SELECT g, g::text FROM generate_series(1, 1000) g;
CREATE TABLE "Order" (id int PRIMARY KEY, customer_id int, seller_id int REFERENCES customers, thing_id int, thing_type text, wide_id bigint, beyond_id int);
INSERT INTO "Order" SELECT g, 1 + g % 1000, 1 + g % 1000, 1 + g % 1000, 't', 1 + g % 1000, g FROM generate_series(1, 5000) g;
CREATE TABLE profiles (customer_id int PRIMARY KEY, note text);
INSERT INTO profiles SELECT g, 'n' FROM generate_series(1, 1000) g;
ANALYZE;
DO $$
DECLARE r record;
BEGIN
    FOR i IN 1 .. 120 LOOP
        EXECUTE 'SELECT o.id FROM "Order" o JOIN customers c ON c.id = o.customer_id WHERE o.id = $1' INTO r USING i;
        -- declared, polymorphic, another type, more values than there are keys, a key itself
        EXECUTE 'SELECT c.id FROM "Order" o JOIN customers c ON c.id = o.seller_id WHERE o.id = $1' INTO r USING i;
        EXECUTE 'SELECT o.thing_id FROM "Order" o JOIN customers c ON c.id = o.thing_id WHERE o.id = $1' INTO r USING i;
        EXECUTE 'SELECT o.wide_id FROM "Order" o JOIN customers c ON c.id = o.wide_id WHERE o.id = $1' INTO r USING i;
        EXECUTE 'SELECT o.beyond_id FROM "Order" o JOIN customers c ON c.id = o.beyond_id WHERE o.id = $1' INTO r USING i;
        EXECUTE 'SELECT p.note FROM profiles p JOIN customers c ON c.id = p.customer_id WHERE p.customer_id = $1' INTO r USING i;
        IF i < 50 THEN
            EXECUTE 'SELECT o.id, c.email FROM "Order" o JOIN customers c ON c.id = o.id WHERE o.id = $1' INTO r USING i;
        END IF;
    END LOOP;
END
$$;
