-- weight 25: who bought a product that is called back
\set product random(1, 8000)
SELECT DISTINCT c.email FROM order_items i JOIN orders o ON o.id = i.order_id JOIN customers c ON c.id = o.customer_id WHERE i.product_id = :product;
