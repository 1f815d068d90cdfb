-- flags: public.docs_tags_idx warning
-- flags: public.docs_data_idx warning
CREATE TABLE docs (id int PRIMARY KEY, tags int[], data jsonb, path int[], sorted int[], quiet int[], uniq int[] UNIQUE);
INSERT INTO docs SELECT g, ARRAY[g], jsonb_build_object('k', g), ARRAY[g], ARRAY[g], ARRAY[g], ARRAY[g] FROM generate_series(1, 2000) g;
CREATE INDEX ON docs (tags);
CREATE INDEX ON docs (data);
CREATE INDEX ON docs (path);
CREATE INDEX ON docs (sorted);
CREATE INDEX ON docs (quiet);
CREATE TABLE ready (tags int[]);
CREATE INDEX ON ready USING gin (tags);
ANALYZE;
SELECT FROM docs WHERE tags @> ARRAY[5];
SELECT FROM docs WHERE tags && ARRAY[5, 6] AND data ? 'k';
-- compared as a whole, sorted by, never asked for, a constraint, the right method
SELECT FROM docs WHERE path @> ARRAY[5] AND path = ARRAY[5];
SELECT sorted FROM docs WHERE sorted @> ARRAY[5] ORDER BY sorted;
SELECT FROM docs WHERE uniq @> ARRAY[5];
SELECT FROM ready WHERE tags @> ARRAY[5];
