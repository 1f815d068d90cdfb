-- The hotspots, worst first; sentences are broken into lines and long filters cut.
SELECT relation, severity, CASE WHEN length(filter) > 30 THEN left(filter, 27) || '...' ELSE filter END AS filter, calls, to_char(rows_read, 'FM999,999,999,999') AS "rows read",
       to_char(100 * share, 'FM990.0') || ' %' AS share,
       rtrim(regexp_replace(verdict, '(.{1,60})(\s+|$)', E'\\1\n', 'g'), E'\n') AS verdict
FROM advisor.seq_scan_hotspots
LIMIT 14;
