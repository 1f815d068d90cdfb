-- flags: public.d_id warning
-- flags: public.d_ab warning
-- flags: public.d_desc warning
SELECT advisor.set_threshold('index-redundant-with-unique', 'warning_bytes', 8192);
CREATE TABLE d (id int PRIMARY KEY, a int, b int, c int, e int UNIQUE DEFERRABLE);
CREATE INDEX d_id ON d (id);
CREATE UNIQUE INDEX d_ab_key ON d (a, b);
CREATE INDEX d_ab ON d (a, b);
CREATE INDEX d_desc ON d (a DESC NULLS LAST, b);
DROP INDEX d_desc;
CREATE INDEX d_desc ON d (id DESC);

CREATE TABLE good (id int PRIMARY KEY, a int, b int, c text);
CREATE INDEX ON good (id, a);
CREATE INDEX ON good USING hash (id);
CREATE UNIQUE INDEX ON good (a) WHERE b > 0;
CREATE INDEX ON good (a);
CREATE UNIQUE INDEX ON good (c);
CREATE INDEX ON good (c text_pattern_ops);
CREATE INDEX ON good (id) INCLUDE (c);
