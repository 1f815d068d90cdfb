-- weight 25: the last orders of a customer
\set customer random_zipfian(1, 40000, 1.05)
SELECT id, status, total, created_at FROM orders WHERE customer_id = :customer ORDER BY created_at DESC LIMIT 10;
