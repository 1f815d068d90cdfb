-- A column that another one determines
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes, fks
-- what: Two columns of which, by extended statistics, the value of the one tells that of the other, repeated in many rows.
-- why: The same fact is stored once for each row. An UPDATE that misses some of them leaves two truths.
-- detection: CREATE STATISTICS (dependencies) measured a degree of at least min_degree; the determining column, which is no key,
--   has at most a tenth as many values as there are rows; the other is a text of more than 8 bytes, not generated, of two
--   values or more. Tables of at least min_rows rows. Nothing is known without such statistics.
-- caution: What was true at the time (an address, a price on an invoice) is a copy on purpose, and so are place names beside
--   their codes.
-- fix: No script: a table for the determining column, with a foreign key to it, once reads go there.
-- threshold: min_rows 10000 rows from which a table is looked at
-- threshold: min_degree 0.99 share of the rows in which the one determines the other
WITH measured AS (
    SELECT t.relid, e.statistics_schemaname, e.statistics_name, d.degree::float8 AS degree,
           split_part(d.pair, ' => ', 1)::int AS determining, split_part(d.pair, ' => ', 2)::int AS determined
    FROM tables t
    JOIN pg_stats_ext e ON e.schemaname = t.schema AND e.tablename = t.name AND e.inherited = (t.kind = 'p')
    CROSS JOIN LATERAL json_each_text(e.dependencies::text::json) d (pair, degree)
    WHERE e.dependencies IS NOT NULL AND d.pair ~ '^\d+ => \d+$' AND t.rows >= :min_rows
), judged AS ( -- of several columns that determine one, a foreign key or the one with fewest values
    SELECT DISTINCT ON (m.relid, m.determined) m.*, f.target, c.name, o.name AS other, o.avg_width, CASE WHEN c.n_distinct < 0 THEN -c.n_distinct * t.rows ELSE c.n_distinct END AS distincts
    FROM measured m
    JOIN tables t ON t.relid = m.relid
    JOIN columns c ON c.relid = m.relid AND c.attnum = m.determining
    JOIN columns o ON o.relid = m.relid AND o.attnum = m.determined
    LEFT JOIN fks f ON f.relid = m.relid AND f.columns::int[] = ARRAY[m.determining]
    WHERE m.degree >= :min_degree AND o.base IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype) AND o.avg_width > 8
      AND o.generated = '' AND c.generated = '' AND o.n_distinct <> 1
      AND NOT EXISTS (SELECT FROM indexes i WHERE i.relid = m.relid AND i.is_unique AND i.keys::int[] IN (ARRAY[m.determining], ARRAY[m.determined]))
    ORDER BY m.relid, m.determined, f.target IS NULL, distincts, m.determining
)
SELECT 'pg_class'::regclass AS classid, j.relid AS objid, j.determined AS objsubid, t.bytes AS weight,
       format('%s.%I follows from %I', t.identity, j.other, j.name) AS title,
       format('In %s %% of the sampled rows the value of %I tells that of %I, by the statistics %I.%I: %s different values in %s, about %s of repeated text.',
              round((100 * j.degree)::numeric, 1), j.name, j.other, j.statistics_schemaname, j.statistics_name,
              to_char(j.distincts, 'FM999,999,999,999,990'), advisor.counted(t.rows, 'row'), pg_size_pretty((j.avg_width * (t.rows - j.distincts))::bigint))
       || CASE WHEN j.target IS NULL THEN '' ELSE format(' %I refers to %s, which is the place for it.', j.name, j.target::regclass) END AS detail,
       jsonb_build_object('determining', j.name, 'degree', j.degree, 'distinct', j.distincts, 'rows', t.rows, 'referenced', j.target::regclass::text) AS evidence
FROM judged j JOIN tables t ON t.relid = j.relid
WHERE j.distincts BETWEEN 2 AND t.rows / 10
