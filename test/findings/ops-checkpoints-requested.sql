-- flags: setting max_wal_size notice
CHECKPOINT;
CHECKPOINT;
CHECKPOINT;
SELECT advisor.set_threshold('ops-checkpoints-requested', 'min_checkpoints', 3);
