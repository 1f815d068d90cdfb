-- weight 40: the warehouse asks what to pack next
SELECT id, customer_id, total FROM orders WHERE status = 'open' ORDER BY created_at LIMIT 20;
