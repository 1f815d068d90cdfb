-- What is still suggested when the advice has been followed: small change, or nothing.
CREATE TEMP TABLE still AS SELECT * FROM advisor.index_suggestions;
SELECT count(*) > 0 AS any FROM still \gset
\if :any
SELECT left(ddl, 110) || CASE WHEN length(ddl) > 110 THEN '...' ELSE '' END AS "still suggested",
       round(100 * improvement::numeric, 1) || ' %' AS saves, round(time_saved::numeric) AS "ms saved",
       pg_size_pretty(index_bytes) AS size
FROM still ORDER BY rank;
\else
\echo 'Suggestions left: none.'
\endif
