-- A policy calls a function for each row
--
-- category: security
-- severity: warning
-- inputs: tables
-- what: A row security policy with a call that gives the same result for all rows of a statement: a STABLE function, or
--   current_setting, without any column among its arguments.
-- why: It is evaluated again for each row that is read. Inside a sub-select, (SELECT f()), it is evaluated once.
-- detection: The policy's expression as the server keeps it: calls outside sub-selects, with no column below them. Of the
--   built-in functions only current_setting is reported, the others are cheap. Tables of at least min_rows rows with row
--   security on.
-- caution: Where an index is used for the comparison, the call is evaluated once per scan anyway.
-- fix: ALTER POLICY with the calls wrapped in sub-selects, where the expression has none yet and the calls can be told
--   from their text; ACCESS EXCLUSIVE for a moment. The undo sets the expression that is there now.
-- threshold: min_rows 1000 rows from which a policy is reported
WITH expressions AS (
    SELECT p.oid, e.tree
    FROM tables t
    JOIN pg_class c ON c.oid = t.relid AND c.relrowsecurity
    JOIN pg_policy p ON p.polrelid = t.relid
    CROSS JOIN LATERAL (VALUES (p.polqual::text), (p.polwithcheck::text)) AS e (tree)
    WHERE t.rows >= :min_rows AND e.tree LIKE '%{FUNCEXPR %'
), numbered AS (
    SELECT row_number() OVER () AS expression, x.* FROM expressions x
), tokens AS (
    SELECT n.expression, n.oid, k.place, k.found[1] AS token,
           sum(CASE WHEN k.found[1] = '}' THEN -1 ELSE 1 END) OVER (PARTITION BY n.expression ORDER BY k.place) AS depth
    FROM numbered n
    CROSS JOIN LATERAL regexp_matches(n.tree, '(?<!\\)(\{FUNCEXPR \S+ \d+|\{[A-Z]+|\})', 'g') WITH ORDINALITY AS k (found, place)
), nodes AS (
    SELECT o.*, (SELECT min(c.place) FROM tokens c
                 WHERE c.expression = o.expression AND c.place > o.place AND c.depth < o.depth) AS ends
    FROM tokens o
    WHERE o.token LIKE '{FUNCEXPR %' OR o.token = '{SUBLINK'
), calls AS (
    SELECT f.oid, f.expression, r.oid AS function, r.proname, s.nspname,
           NOT EXISTS (SELECT FROM tokens a WHERE a.expression = f.expression AND a.place > f.place AND a.place < f.ends
                                              AND a.token LIKE '{%') AS no_arguments
    FROM nodes f
    JOIN pg_proc r ON r.oid = substring(f.token FROM '\d+$')::oid AND r.provolatile = 's'
    JOIN pg_namespace s ON s.oid = r.pronamespace
    WHERE f.token LIKE '{FUNCEXPR %' AND (s.nspname <> 'pg_catalog' OR r.proname = 'current_setting')
      AND NOT EXISTS (SELECT FROM tokens v WHERE v.expression = f.expression AND v.place > f.place AND v.place < f.ends
                                             AND v.token = '{VAR')
      AND NOT EXISTS (SELECT FROM nodes l WHERE l.token = '{SUBLINK' AND l.expression = f.expression
                                            AND l.place < f.place AND l.ends > f.place)
), called AS (
    SELECT c.oid, count(*) AS calls, array_agg(DISTINCT c.proname::text) AS functions,
           bool_and(c.proname = 'current_setting' AND c.nspname = 'pg_catalog'
                    OR c.no_arguments AND (c.nspname || '.' || c.proname) ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$') AS plain,
           '(\mcurrent_setting\(''[^'']*''::text(?:, (?:true|false))?\)'
           || coalesce('|' || string_agg(DISTINCT '\m' || c.nspname || '\.' || c.proname || '\(\)', '|')
                                 FILTER (WHERE c.nspname <> 'pg_catalog'), '') || ')' AS pattern
    FROM calls c
    GROUP BY c.oid
), texts AS (
    SELECT c.*, p.polrelid, p.polname, pg_get_expr(p.polqual, p.polrelid) AS qual, pg_get_expr(p.polwithcheck, p.polrelid) AS with_check,
           concat(p.polqual::text, p.polwithcheck::text) LIKE '%{SUBLINK%' AS has_subselect
    FROM called c JOIN pg_policy p ON p.oid = c.oid
), scripts AS (
    SELECT x.*, t.identity, t.rows, t.bytes,
           x.plain AND NOT x.has_subselect
           AND (SELECT count(*) FROM regexp_matches(concat(x.qual, ' ', x.with_check), x.pattern, 'g')) = x.calls AS wraps,
           format('ALTER POLICY %I ON %s', x.polname, t.identity) AS alter_policy
    FROM texts x JOIN tables t ON t.relid = x.polrelid
)
SELECT 'pg_policy'::regclass AS classid, s.oid AS objid, 0 AS objsubid,
       format('Policy %I of %s calls %s for each row', s.polname, s.identity, array_to_string(s.functions, ', ')) AS title,
       format('Its result is the same for all of the %s. Write (SELECT %s(...)) and it is evaluated once. The policy: %s',
              advisor.counted(s.rows, 'row'), s.functions[1], concat_ws(' WITH CHECK ', s.qual, s.with_check)) AS detail,
       jsonb_build_object('functions', s.functions, 'calls', s.calls, 'rows', s.rows) AS evidence, s.bytes AS weight,
       CASE WHEN s.wraps THEN
           format(E'SET lock_timeout = ''2s'';\n%s%s%s;\nRESET lock_timeout;', s.alter_policy,
                  ' USING (' || regexp_replace(s.qual, s.pattern, '(SELECT \1)', 'g') || ')',
                  ' WITH CHECK (' || regexp_replace(s.with_check, s.pattern, '(SELECT \1)', 'g') || ')') END AS fix,
       CASE WHEN s.wraps THEN
           format(E'SET lock_timeout = ''2s'';\n%s%s%s;\nRESET lock_timeout;', s.alter_policy,
                  ' USING (' || s.qual || ')', ' WITH CHECK (' || s.with_check || ')') END AS undo
FROM scripts s
