-- Sequential scans of the recorded workload
--
-- what: the columns of advisor.seq_scan_hotspots
SELECT h.* FROM advisor.seq_scan_hotspots h
