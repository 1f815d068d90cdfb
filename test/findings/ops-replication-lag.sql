-- Nothing replicates from this server; 016_standby.pl has a standby that is behind.
SELECT advisor.set_threshold('ops-replication-lag', 'min_bytes', 0);
CREATE TABLE written AS SELECT g FROM generate_series(1, 10000) g;
