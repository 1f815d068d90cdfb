-- weight 25: a product and how often it was looked at lately
\set product random_zipfian(1, 8000, 1.05)
SELECT id, name, price, stock FROM products WHERE id = :product;
SELECT kind, count(*) FROM events WHERE product_id = :product AND created_at >= '2025-06-15' GROUP BY kind;
