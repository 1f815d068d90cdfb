-- weight 25: an order is deleted; its items go with it, by the foreign key
\set order random(1, 120000)
DELETE FROM orders WHERE id = :order;
