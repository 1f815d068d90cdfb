-- Index advice and hot spots, from one search
--
-- what: the columns of advisor.workload_advice(); rules take them from suggestions and scans
SELECT w.* FROM advisor.workload_advice() w
