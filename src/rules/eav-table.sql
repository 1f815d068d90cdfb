-- Attributes kept as rows
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, fks, indexes, statements, column_usage
-- what: A table of (what it belongs to, name of an attribute, value as text), which statements put together again into
--   rows.
-- why: Each attribute costs a join or an aggregate, the values have no type and no constraint, and the planner cannot tell how
--   the values of one attribute are distributed.
-- detection: At most six columns; a unique key of a foreign key column and a text column of 2 to max_names different values;
--   another text column; at least min_rows rows; and recorded statements, of at least min_calls calls, that have the table in
--   them three times or more, or aggregate three times or more by CASE or FILTER with a condition on the name.
-- caution: Settings and translations that are read by their full key are in the right place. Where users define the
--   attributes, jsonb is the alternative rather than columns.
-- fix: No script: a typed column for each attribute that statements ask for, or jsonb with indexes on expressions for those
--   that few rows have.
-- threshold: min_rows 10000 rows from which a table is looked at
-- threshold: max_names 500 different names of attributes up to which they are attributes
-- threshold: min_calls 10 calls of statements that put rows together
WITH shaped AS (
    SELECT t.relid, t.identity, t.name AS table_name, t.rows, t.bytes, n.attnum, n.name, v.name AS value_name,
           CASE WHEN n.n_distinct < 0 THEN -n.n_distinct * t.rows ELSE n.n_distinct END AS names
    FROM tables t
    JOIN indexes i ON i.relid = t.relid AND i.is_unique AND i.is_valid AND i.predicate IS NULL AND cardinality(i.keys) = 2
    JOIN fks f ON f.relid = t.relid AND cardinality(f.columns) = 1 AND f.columns[1] = ANY (i.keys)
    JOIN columns n ON n.relid = t.relid AND n.attnum = ANY (i.keys) AND n.attnum <> f.columns[1]
                  AND n.base IN ('text'::regtype, 'varchar'::regtype)
    JOIN columns v ON v.relid = t.relid AND v.attnum <> ALL (i.keys) AND v.base IN ('text'::regtype, 'varchar'::regtype)
    WHERE t.kind IN ('r', 'p') AND t.rows >= :min_rows
      AND (SELECT count(*) FROM columns c WHERE c.relid = t.relid) <= 6
), gathered AS (
    SELECT s.relid, s.attnum, s.value_name, q.queryid, q.calls, q.total_exec_time
    FROM shaped s
    JOIN (SELECT DISTINCT relation, attnum, queryid FROM column_usage WHERE place IN ('condition', 'output')) u ON u.relation = s.relid AND u.attnum = s.attnum
    JOIN statements q ON q.queryid = u.queryid
    WHERE cardinality(regexp_split_to_array(lower(q.query), '\m' || lower(s.table_name) || '\M')) > 3
       OR cardinality(regexp_split_to_array(q.query, '\m(max|min|string_agg|array_agg|any_value)\s*\((\s*case\s+when|[^()]*\)\s*filter)', 'i')) > 3
)
SELECT 'pg_class'::regclass AS classid, s.relid AS objid, 0 AS objsubid, s.bytes AS weight,
       format('%s keeps attributes as rows', s.identity) AS title,
       format('%s name %s attributes, with their values as text in %I. By %s, in %s, the rows of one thing are put together again. Attributes that are always asked for could be columns.',
              advisor.counted(s.rows, 'row'), to_char(s.names, 'FM999,999,999,999,990'), min(s.value_name),
              advisor.counted(count(DISTINCT g.queryid), 'statement'), advisor.counted(sum(DISTINCT g.calls), 'call')) AS detail,
       jsonb_build_object('name_column', s.name, 'names', s.names, 'rows', s.rows, 'queryids', jsonb_agg(DISTINCT g.queryid)) AS evidence,
       sum(DISTINCT g.total_exec_time) AS impact
FROM shaped s JOIN gathered g ON g.relid = s.relid AND g.attnum = s.attnum AND g.value_name = s.value_name
WHERE s.names BETWEEN 2 AND :max_names
GROUP BY s.relid, s.identity, s.name, s.names, s.rows, s.bytes
HAVING sum(DISTINCT g.calls) >= :min_calls
