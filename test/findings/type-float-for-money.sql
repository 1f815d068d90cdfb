-- flags: public.orders.unit_price notice
-- flags: public.orders."Shipping_cost" notice
-- flags: public.orders.total notice
CREATE TABLE orders (unit_price float8, "Shipping_cost" real, price_factor float8, cost_index float8, weight float8, price numeric, measured_cost float8, total float8, total_rate float8);
INSERT INTO orders SELECT g + 0.25, g * 0.5, g + 0.5, g + 0.5, g + 0.5, g + 0.5, sqrt(g), g + 0.5, g + 0.5 FROM generate_series(1, 2000) g;
CREATE TABLE whole (amount float8);
INSERT INTO whole SELECT g FROM generate_series(1, 2000) g;
CREATE TABLE empty (price float8);
ANALYZE;
