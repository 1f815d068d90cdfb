-- Sequential scans of the recorded workload
--
-- inputs: workload_advice
-- what: the columns of advisor.seq_scan_hotspots
SELECT w.relation, w.table_rows, w.table_bytes, w.queryid, w.query, w.filter, w.calls, w.seq_scans, w.rows_read,
       w.rows_kept, w.pages_read, w.est_time, w.share, w.severity, w.suggested_index, w.verdict
FROM workload_advice w
WHERE w.relation IS NOT NULL
