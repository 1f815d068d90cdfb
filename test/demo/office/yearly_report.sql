-- weight 10: a report over nearly everything, which no index can help
SELECT status, count(*), sum(total) FROM orders WHERE created_at >= '2024-02-01' GROUP BY status ORDER BY status;
