-- flags: public.items.quantity notice
-- flags: public.items."Unit_price" notice
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE TABLE items (id int PRIMARY KEY, quantity int, "Unit_price" numeric(10, 2), price numeric CHECK (price >= 0), qty int, balance numeric,
                    age positive, stock_symbol int);
INSERT INTO items SELECT g, g % 100, g * 0.5, g, g - 100, g, g, g FROM generate_series(1, 2000) g;
CREATE TABLE few (quantity int);
INSERT INTO few SELECT generate_series(1, 50);
ANALYZE;
