-- What of the time that pg_stat_statements saw (its table holds all) belongs to statements that are still known.
WITH theirs AS (
    SELECT queryid, total_exec_time AS time FROM pg_stat_statements WHERE query LIKE 'SELECT c%' AND NOT toplevel
), kept AS (
    SELECT t.time FROM theirs t WHERE t.queryid IN (SELECT queryid FROM advisor.statements WHERE NOT toplevel)
), best AS (
    SELECT time FROM theirs ORDER BY time DESC LIMIT (SELECT statements_max FROM advisor.info)
)
SELECT 'statements run', (SELECT count(*) FROM theirs)::text
UNION ALL SELECT 'statements kept', (SELECT count(*) FROM kept)::text
UNION ALL SELECT 'time kept', round(100 * (SELECT sum(time) FROM kept)::numeric / (SELECT sum(time) FROM theirs)::numeric, 2) || ' %'
UNION ALL SELECT 'the best that so many could keep', round(100 * (SELECT sum(time) FROM best)::numeric / (SELECT sum(time) FROM theirs)::numeric, 2) || ' %';
