-- flags: replication slot unread critical
SELECT pg_create_physical_replication_slot('unread', true);
-- keeps nothing
SELECT pg_create_physical_replication_slot('fresh', false);
SELECT advisor.set_threshold('ops-slot-inactive', 'warning_bytes', 0);
SELECT advisor.set_threshold('ops-slot-inactive', 'critical_bytes', 100000);
CREATE TABLE written AS SELECT g FROM generate_series(1, 10000) g;
