-- flags: setting enable_seqscan warning
-- flags: setting enable_nestloop warning
-- ask: SET enable_hashjoin = off
ALTER DATABASE rule_case SET enable_seqscan = off;
ALTER ROLE CURRENT_USER IN DATABASE rule_case SET enable_nestloop = false;
ALTER ROLE CURRENT_USER IN DATABASE rule_case SET enable_seqscan = off;
-- off by default; on; of another database
ALTER DATABASE rule_case SET enable_partitionwise_join = off;
ALTER DATABASE rule_case SET enable_sort = on;
ALTER DATABASE rule_template SET enable_material = off;
