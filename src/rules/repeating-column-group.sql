-- Numbered columns
--
-- category: schema
-- severity: notice
-- inputs: tables, columns, indexes, fks
-- what: Three or more columns of one type with the same name but for a number at the end, which are filled less the higher
--   the number is.
-- why: Each query for a value has to ask all of them, a further value needs a new column, and no index serves all.
-- detection: Consecutive numbers, the same type, no keys; the share of NULL never falls with the number, and rises by at
--   least a tenth from the first to the last.
-- caution: Vectors, quarters, lines of an address and coordinates are numbered by nature and left out by name.
-- fix: No script: a table with the key, the number and the value of each, filled beside the columns until readers have moved.
WITH numbered AS (
    SELECT c.relid, c.attnum, c.name, c.type, c.null_frac, m.part[1] AS stem, m.part[2]::int AS number
    FROM columns c CROSS JOIN LATERAL regexp_match(c.name, '^(.*\D)(\d{1,3})$') AS m (part)
    WHERE m.part IS NOT NULL AND c.null_frac IS NOT NULL
      AND c.name !~* '(md5|sha1|sha256|sha512|crc32|ipv4|ipv6|utf8|base64|iso\d+|x\d|y\d|z\d|line_?\d|addr(ess)?_?\d|(^|_)q\d|quarter_?\d|month_?\d|week_?\d|day_?\d|hour_?\d|coef\w*\d|dim_?\d)$'
      AND NOT EXISTS (SELECT FROM fks f WHERE f.relid = c.relid AND c.attnum = ANY (f.columns))
      AND NOT EXISTS (SELECT FROM indexes i WHERE i.relid = c.relid AND i.is_unique AND c.attnum = ANY (i.keys))
), steps AS (
    SELECT n.*, n.null_frac < lag(n.null_frac) OVER w AS falls, n.number <> lag(n.number) OVER w + 1 AS gap
    FROM numbered n
    WINDOW w AS (PARTITION BY n.relid, n.stem, n.type ORDER BY n.number)
), groups AS (
    SELECT s.relid, s.stem, min(s.number) AS first, max(s.number) AS last, count(*) AS columns, (array_agg(s.attnum ORDER BY s.number))[1] AS attnum,
           string_agg(quote_ident(s.name), ', ' ORDER BY s.number) AS names,
           jsonb_agg(round(s.null_frac::numeric, 3) ORDER BY s.number) AS null_fracs, max(s.null_frac) - min(s.null_frac) AS rise
    FROM steps s
    GROUP BY s.relid, s.stem, s.type
    HAVING count(*) >= 3 AND NOT coalesce(bool_or(s.falls), false) AND NOT coalesce(bool_or(s.gap), false)
)
SELECT 'pg_class'::regclass AS classid, t.relid AS objid, g.attnum::int AS objsubid,
       format('Table %s has %s numbered columns, %I to %I', t.identity, g.columns, g.stem || g.first, g.stem || g.last) AS title,
       format('%s: the higher the number, the more of them are NULL (%s %% more at the end). A table with a row per value has room for any number of them.',
              g.names, round((100 * g.rise)::numeric, 1)) AS detail,
       jsonb_build_object('columns', g.columns, 'null_fracs', g.null_fracs, 'rows', t.rows) AS evidence, t.bytes AS weight
FROM groups g JOIN tables t ON t.relid = g.relid
WHERE g.rise >= 0.1
