-- weight 15: an order comes in
\set customer random_zipfian(1, 40000, 1.05)
\set product random_zipfian(1, 8000, 1.05)
BEGIN;
SELECT vat FROM countries WHERE name = 'Germany';
INSERT INTO orders (customer_id, status, total, created_at) VALUES (:customer, 'open', 42, now()) RETURNING id AS order \gset
INSERT INTO order_items (order_id, product_id, quantity, price) VALUES (:order, :product, 1, 42);
UPDATE products SET stock = stock - 1 WHERE id = :product;
INSERT INTO events (customer_id, product_id, kind, created_at) VALUES (:customer, :product, 'order', now());
END;
