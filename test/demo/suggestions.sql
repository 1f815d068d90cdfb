-- The suggestions, asked for once: printed, and their DDL written to the file :ddl as it is.
CREATE TEMP TABLE advice AS SELECT * FROM advisor.index_suggestions;
\pset expanded on
SELECT rank, ddl, pg_size_pretty(index_bytes) AS size,
       round(100 * improvement::numeric, 1) || ' % of the cost of the whole workload' AS saves,
       rtrim(regexp_replace(reason, '(.{1,100})(\s+|$)', E'\\1\n', 'g'), E'\n') AS reason
FROM advice ORDER BY rank;
\pset expanded off
\pset format unaligned
\pset tuples_only on
\o :count
SELECT count(*) FROM advice;
\o :ddl
SELECT rtrim(ddl, E'; \n') || ';' FROM advice ORDER BY rank;
\o
