-- flags: public.t_a notice
-- flags: public.t_q notice
SELECT advisor.set_threshold('index-mostly-null', 'min_bytes', 50000);
CREATE TABLE t (id int PRIMARY KEY, a int, asked int, ordered int, filled int, "q ""x" text, "Odd ""y" int, part int, uniq int UNIQUE);
INSERT INTO t SELECT g, CASE WHEN g % 5 = 0 THEN g END, CASE WHEN g % 5 = 0 THEN g END, CASE WHEN g % 5 = 0 THEN g END, CASE WHEN g % 5 > 0 THEN g END,
                     CASE WHEN g % 5 = 0 THEN g END, CASE WHEN g % 5 = 0 THEN g END, CASE WHEN g % 5 = 0 THEN g END FROM generate_series(1, 20000) g;
CREATE INDEX t_a ON t (a);
CREATE INDEX t_ordered ON t (ordered);
CREATE INDEX t_asked ON t (asked);
CREATE INDEX t_some ON t (filled);
CREATE INDEX t_q ON t ("q ""x");
CREATE INDEX t_odd ON t ("Odd ""y");
CREATE INDEX t_part ON t (part) WHERE part IS NOT NULL;
CREATE INDEX t_lower ON t ((a + 1));
VACUUM ANALYZE;
SELECT id FROM t ORDER BY ordered LIMIT 3;
SELECT count(*) FROM t WHERE asked  IS  NULL;
SELECT count(*) FROM t WHERE t."Odd ""y" is null OR a > 3;
