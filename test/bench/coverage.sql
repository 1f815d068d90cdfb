-- What of the time that pg_stat_statements saw (its table holds all) is still known.
WITH ours AS (
    SELECT sum(total_exec_time) AS time, count(*) AS n FROM advisor.statements
    WHERE query LIKE 'SELECT c%' AND NOT toplevel
), theirs AS (
    SELECT total_exec_time AS time FROM pg_stat_statements WHERE query LIKE 'SELECT c%' AND NOT toplevel
), best AS (
    SELECT sum(time) AS time FROM (SELECT time FROM theirs ORDER BY time DESC LIMIT 5000) t
)
SELECT 'statements run', (SELECT count(*) FROM theirs)::text
UNION ALL SELECT 'statements kept', (SELECT n FROM ours)::text
UNION ALL SELECT 'time kept', round(100 * (SELECT time FROM ours)::numeric / (SELECT sum(time) FROM theirs)::numeric, 2) || ' %'
UNION ALL SELECT 'time of the 5,000 dearest, at best', round(100 * (SELECT time FROM best)::numeric / (SELECT sum(time) FROM theirs)::numeric, 2) || ' %';
