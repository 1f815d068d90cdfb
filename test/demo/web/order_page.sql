-- weight 20: one order with its items
\set order random(1, 120000)
SELECT id, status, total, created_at FROM orders WHERE id = :order;
SELECT i.quantity, i.price, p.name FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id = :order;
