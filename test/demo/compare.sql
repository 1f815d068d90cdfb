-- One line per script: calls and latency in both runs.
\pset format aligned
WITH figures AS (
    SELECT s.side, s.name, l.run, count(*) AS calls, avg(l.microseconds) / 1000 AS average,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY l.microseconds) / 1000 AS p95
    FROM latency l JOIN script s USING (side, number)
    GROUP BY s.side, s.name, l.run)
SELECT b.side || '/' || b.name AS request, b.calls AS "calls before", a.calls AS "calls after",
       round(b.average::numeric, 2) AS "ms before", round(a.average::numeric, 2) AS "ms after",
       round(b.p95::numeric, 2) AS "p95 before", round(a.p95::numeric, 2) AS "p95 after",
       round((b.average / nullif(a.average, 0))::numeric, 1) || ' x' AS "faster by"
FROM figures b LEFT JOIN figures a ON a.side = b.side AND a.name = b.name AND a.run = 'after'
WHERE b.run = 'before'
ORDER BY b.average / a.average DESC NULLS LAST;

SELECT side AS " ", round(count(*) FILTER (WHERE run = 'before') / :seconds::numeric) AS "tps before",
       round(count(*) FILTER (WHERE run = 'after') / :seconds::numeric) AS "tps after"
FROM latency GROUP BY side
UNION ALL
SELECT 'together', round(count(*) FILTER (WHERE run = 'before') / :seconds::numeric),
       round(count(*) FILTER (WHERE run = 'after') / :seconds::numeric)
FROM latency
ORDER BY 2;
