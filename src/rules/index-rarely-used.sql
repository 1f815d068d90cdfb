-- Index that is written far more often than read
--
-- category: index
-- severity: notice
-- inputs: tables, indexes, fks, redundant
-- what: A large index that takes part in many writes and in few scans.
-- why: What the writes pay may be more than the few scans save.
-- detection: Since statistics were reset, at least min_days days ago: at least one scan, at most one for writes_per_scan
--   inserted or updated rows (other than heap-only updates), less than a tenth of the scans of its table, more than
--   writes_per_day rows written a day; min_bytes in size. What other rules on unused indexes spare is spared here.
-- caution: A nightly report may be worth it. Standbys count their own scans.
-- fix: None: whether those scans may get slower is yours to say. advisor.evaluate_indexes tells what the recorded statements would cost
--   without the index.
-- threshold: min_days 7 days that statistics have to cover
-- threshold: min_bytes 104857600 bytes from which an index is reported
-- threshold: writes_per_scan 1000 rows written for each scan
-- threshold: writes_per_day 100 rows written a day
WITH watched AS ( -- after a crash all counters begin anew, and those of the background writer say when
    SELECT greatest(b.stats_reset, d.stats_reset) AS since,
           extract(epoch FROM now() - greatest(b.stats_reset, d.stats_reset)) / 86400 AS days
    FROM pg_stat_bgwriter b, pg_stat_database d
    WHERE d.datname = current_database()
)
SELECT 'pg_class'::regclass AS classid, i.indexrelid AS objid, 0 AS objsubid, i.bytes AS weight,
       format('Index %s is written far more often than read', i.identity) AS title,
       format('%s on %s. Since %s: %s of it, %s of its table; %s inserted and %s updated such that it had to be written. advisor.evaluate_indexes(''{}'', ARRAY[%L]::regclass[]) tells what the recorded statements would cost without it.',
              pg_size_pretty(i.bytes::bigint), t.identity, date_trunc('second', w.since),
              advisor.counted(i.scans, 'scan'), to_char(t.seq_scans + t.idx_scans, 'FM999,999,999,999,990'),
              advisor.counted(t.inserts, 'row was', 'rows were'), to_char(t.updates - t.hot_updates, 'FM999,999,999,999,990'),
              i.identity) AS detail,
       jsonb_build_object('bytes', i.bytes, 'scans', i.scans, 'table_scans', t.seq_scans + t.idx_scans, 'since', w.since,
                          'inserts', t.inserts, 'not_hot_updates', t.updates - t.hot_updates) AS evidence
FROM indexes i JOIN tables t ON t.relid = i.relid, watched w
WHERE w.days >= :min_days AND i.bytes >= :min_bytes AND i.scans > 0
  AND i.scans * :writes_per_scan <= t.inserts + t.updates - t.hot_updates
  AND i.scans < 0.1 * (t.seq_scans + t.idx_scans)
  AND t.inserts + t.updates - t.hot_updates > :writes_per_day * greatest(w.days, 1)
  AND i.is_valid AND NOT i.is_unique AND NOT i.is_exclusion AND i.constraint_oid IS NULL AND NOT i.replica_identity
  AND NOT i.clustered
  AND NOT EXISTS (SELECT FROM fks f WHERE f.relid = i.relid AND f.columns @> ARRAY[i.keys[1]])
  AND NOT EXISTS (SELECT FROM redundant r WHERE r.indexrelid = i.indexrelid)
