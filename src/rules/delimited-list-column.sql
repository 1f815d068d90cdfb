-- Lists kept as text
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, samples, column_usage
-- what: A text column whose values are lists of words or numbers with commas, semicolons or bars between them.
-- why: No index finds one element, no foreign key checks it, and LIKE '%1%' finds 12 as well.
-- detection: At least 80 % of the values that ANALYZE sampled (at least 10) are lists of short words without blanks, of
--   different lengths, some of three or more. A warning where recorded statements search inside the column (LIKE '%x%',
--   string_to_array and the like).
-- caution: Payload that is only stored and handed on may stay text. Numbers with commas between thousands are left out.
-- fix: No script: a table with a row per element and a foreign key; halfway, an array column with a GIN index.
WITH lists AS (
    SELECT c.relid, c.attnum, c.name, cardinality(s.sample) AS sampled,
           (SELECT count(*) FROM unnest(s.sample) v WHERE v ~ '^[[:alnum:]_-]{1,36}([,;|][[:alnum:]_-]{1,36})+$') AS matching,
           (SELECT count(DISTINCT n.separators) FROM unnest(s.sample) v, LATERAL (SELECT length(regexp_replace(v, '[^,;|]', '', 'g')) AS separators) n) AS lengths,
           (SELECT max(length(regexp_replace(v, '[^,;|]', '', 'g'))) FROM unnest(s.sample) v) AS longest
    FROM columns c JOIN samples s ON s.relid = c.relid AND s.attnum = c.attnum
    WHERE c.base IN ('text'::regtype, 'varchar'::regtype) AND c.avg_width >= 3 AND cardinality(s.sample) >= 10
      AND length(translate(array_to_string(s.sample, ' '), ',;|', '')) < length(array_to_string(s.sample, ' ')) - 0.8 * cardinality(s.sample)
      AND EXISTS (SELECT FROM unnest(s.sample) v WHERE v !~ '^-?\d{1,3}(,\d{3})*(\.\d+)?$')
), searched AS (
    SELECT u.relation AS relid, u.attnum, sum(u.calls) AS calls
    FROM column_usage u
    WHERE u.place = 'condition' AND (u.pattern = 'contains' OR u.wrapper IN ('string_to_array', 'string_to_table', 'split_part', 'regexp_split_to_array',
                                                                              'regexp_split_to_table', 'position', 'strpos'))
    GROUP BY u.relation, u.attnum
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, l.attnum::int AS objsubid,
       CASE WHEN q.calls IS NULL THEN 'notice' ELSE 'warning' END AS severity,
       format('%s.%I holds lists as text', t.identity, l.name) AS title,
       format('%s of %s sampled values are lists, of up to %s elements. The table has %s.', l.matching, l.sampled, l.longest + 1,
              advisor.counted(t.rows, 'row'))
       || CASE WHEN q.calls IS NULL THEN ''
               ELSE format(' Statements search inside it: %s.', advisor.counted(q.calls, 'call')) END AS detail,
       jsonb_build_object('matching', l.matching, 'sampled', l.sampled, 'longest', l.longest + 1, 'searches', q.calls, 'rows', t.rows) AS evidence,
       t.bytes AS weight
FROM lists l
JOIN tables t ON t.relid = l.relid
LEFT JOIN searched q ON q.relid = l.relid AND q.attnum = l.attnum
WHERE l.matching >= 0.8 * l.sampled AND l.lengths > 1 AND l.longest >= 2
