-- flags: setting max_wal_size notice
SELECT pg_stat_reset_shared('bgwriter');
CHECKPOINT;
CHECKPOINT;
CHECKPOINT;
SELECT advisor.set_threshold('ops-checkpoints-requested', 'min_checkpoints', 3);
