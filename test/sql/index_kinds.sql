-- advisor.suggest_indexes: the access method and operator class that fit the operators, and what can be dropped.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA index_kinds;
SET search_path = index_kinds, public;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE FUNCTION keys(queries text[]) RETURNS TABLE (action text, definition text) LANGUAGE sql AS
$$ SELECT action, regexp_replace(ddl, '^.* (USING|INDEX CONCURRENTLY) ', '') FROM advisor.suggest_indexes(queries) ORDER BY rank $$;
CREATE TABLE thing (id int PRIMARY KEY, tags int[], doc jsonb, body text, during tsrange, place point, address inet,
    code varchar(40) COLLATE "en-x-icu", url text, logged timestamp);
INSERT INTO thing SELECT g, ARRAY[g % 3000, g % 701, g % 97], jsonb_build_object('k', g % 5000, 'tag', 'v' || g % 300),
    'word' || g % 4000 || ' and word' || g % 37, tsrange(t, t + interval '1 hour'), point(g % 1000, g / 1000),
    ('10.' || g % 200 || '.' || g % 251 || '.' || g % 13)::inet, md5(g::text),
    'https://example.com/a/rather/long/path/that/goes/on/and/on/' || repeat(md5(g::text), 3), t
FROM (SELECT g, timestamp '2024-01-01' + g * interval '1 minute' AS t FROM generate_series(1, 60000) g) s;
-- Statistics of all rows: nothing hangs on which ones a sample has.
SET default_statistics_target = 200;
VACUUM ANALYZE thing;

-- Containment, overlap, full text: the smallest class that knows the operators.
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE tags @> ARRAY[5]', 'SELECT id FROM thing WHERE tags && ARRAY[5, 6]']);
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE doc @> ''{"k": 77}''']);
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE doc @> ''{"k": 77}''', 'SELECT id FROM thing WHERE doc ? ''rare''']);
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE to_tsvector(''simple'', body) @@ to_tsquery(''simple'', ''word7'')']);
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE during && tsrange(''2024-01-05'', ''2024-01-06'')']);
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE during @> timestamp ''2024-01-05''']);
-- The nearest: an order that GiST gives; not without a limit.
SELECT * FROM keys(ARRAY['SELECT id FROM thing ORDER BY place <-> point(3, 4) LIMIT 5']);
SELECT * FROM keys(ARRAY['SELECT id FROM thing ORDER BY place <-> point(3, 4)']);
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE place <@ box(point(1, 1), point(2, 2))']);
-- A network is a range of addresses.
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE address <<= ''10.7.3.0/24''']);
-- Patterns with a beginning under a collation that is not bytewise; none without a beginning.
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE code LIKE ''abcde%''']);
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE code LIKE ''%abc''']);
-- A collation that the statement asks for and the column does not have.
SELECT * FROM keys(ARRAY['SELECT id, body FROM thing WHERE code COLLATE "de-x-icu" > ''ab'' ORDER BY code COLLATE "de-x-icu" LIMIT 5',
    'SELECT id, body FROM thing WHERE code = ''abc''']);
-- Wide values that are only compared for equality.
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE url = $1']);
-- Values of which some are too long for a B-tree, under whatever function keeps them so; the others can have one.
CREATE TABLE page (id int PRIMARY KEY, url text NOT NULL, title text NOT NULL, status int NOT NULL);
INSERT INTO page SELECT g, 'https://example.com/' || md5(g::text), 't' || g, g % 3 FROM generate_series(1, 20000) g;
INSERT INTO page SELECT 20000 + g, (SELECT string_agg(md5((g * 1000 + i)::text), '') FROM generate_series(1, 200) i), 't', 4 FROM generate_series(1, 300) g;
VACUUM ANALYZE page;
SELECT * FROM keys(ARRAY['SELECT id, status FROM page WHERE url = $1', 'SELECT id FROM page WHERE title = $1']);
SELECT * FROM keys(ARRAY['SELECT id, status FROM page WHERE lower(url) = $1', 'SELECT id FROM page WHERE url > $1 ORDER BY url LIMIT 3']);
SELECT * FROM keys(ARRAY['SELECT id, status FROM page WHERE md5(url) = $1']);
-- Rows in the order of time, read in large pieces, against single rows.
SELECT * FROM keys(ARRAY['SELECT sum(length(url)) FROM thing WHERE logged BETWEEN ''2024-01-05'' AND ''2024-01-12''']);
SELECT * FROM keys(ARRAY['SELECT sum(id) FROM thing WHERE logged BETWEEN ''2024-01-05'' AND ''2024-01-05 01:00''']);
-- They really help: what is created is used, and nothing is left to say.
CREATE TABLE followed AS SELECT ddl FROM advisor.suggest_indexes(ARRAY['SELECT id FROM thing WHERE tags @> ARRAY[5]',
    'SELECT id FROM thing WHERE during && tsrange(''2024-01-05'', ''2024-01-06'')', 'SELECT id FROM thing WHERE code LIKE ''abcde%''']);
SELECT ddl FROM followed ORDER BY ddl \gexec
SELECT * FROM keys(ARRAY['SELECT id FROM thing WHERE tags @> ARRAY[5]',
    'SELECT id FROM thing WHERE during && tsrange(''2024-01-05'', ''2024-01-06'')', 'SELECT id FROM thing WHERE code LIKE ''abcde%''']);

-- What another index makes superfluous; never what a constraint, a replica identity or CLUSTER needs.
CREATE TABLE doubled (a int PRIMARY KEY, b int, c int, d int UNIQUE, e int NOT NULL);
INSERT INTO doubled SELECT g, g % 5000, g, g, g FROM generate_series(1, 20000) g;
CREATE INDEX doubled_b ON doubled (b);
CREATE INDEX doubled_b_c ON doubled (b, c);
CREATE INDEX doubled_d_again ON doubled (d) WITH (fillfactor = 70);
CREATE UNIQUE INDEX doubled_e ON doubled (e);
CREATE INDEX doubled_e_c ON doubled (e, c);
CREATE INDEX doubled_c ON doubled (c);
CREATE INDEX doubled_c_desc ON doubled (c DESC);
CLUSTER doubled USING doubled_c_desc;
CREATE INDEX doubled_part ON doubled (b) WHERE c > 5;
VACUUM ANALYZE doubled;
SELECT action, ddl, undo, write_overhead <= 0 AS spares, reason
FROM advisor.suggest_indexes(ARRAY['SELECT * FROM doubled WHERE b = 7', 'INSERT INTO doubled VALUES ($1, 2, 3, 4, 5)']) ORDER BY rank;
CREATE TABLE followed_drops AS SELECT rank, ddl, undo FROM advisor.suggest_indexes('{SELECT * FROM doubled WHERE b = 7}');
CREATE TABLE before AS SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'doubled';
SELECT ddl FROM followed_drops ORDER BY rank \gexec
SELECT * FROM keys('{SELECT * FROM doubled WHERE b = 7}');
SELECT undo FROM followed_drops ORDER BY rank \gexec
SELECT * FROM before EXCEPT SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'doubled';

-- A BRIN index that is there reads neighbours, whatever the planner charges for them: no B-tree for the same window.
CREATE TABLE gauge AS SELECT g AS id, timestamp '2024-01-01' + g * interval '1 minute' AS at, repeat('x', 60) AS note
FROM generate_series(1, 100000) g;
CREATE INDEX gauge_at ON gauge USING brin (at);
VACUUM ANALYZE gauge;
SELECT * FROM keys(ARRAY['SELECT sum(length(note)) FROM gauge WHERE at BETWEEN ''2024-02-01'' AND ''2024-02-06''']);

-- Pairs of values: one index on both columns, not two that are combined.
CREATE TABLE pair AS SELECT g AS id, abs(hashint4(g)) % 150 AS a, abs(hashint4(g + 1)) % 120 AS b, md5(g::text) AS note
FROM generate_series(1, 60000) g;
VACUUM ANALYZE pair;
SELECT * FROM keys(ARRAY['SELECT note FROM pair WHERE (a, b) IN ((7, 9), (8, 11))']);

-- What-ifs of every method, and what a method cannot do.
SELECT advisor.what_if('SELECT id FROM thing WHERE tags @> ARRAY[5]', '{CREATE INDEX ON thing USING gin (tags)}') ~ 'Bitmap' AS bitmap LIMIT 1;
SELECT indexes_used FROM advisor.evaluate_indexes(ARRAY['CREATE INDEX ON thing USING hash (url)'], queries => ARRAY['SELECT id FROM thing WHERE url = $1']);
SELECT advisor.what_if('SELECT 1', '{CREATE UNIQUE INDEX ON thing USING gin (tags)}');
SELECT advisor.what_if('SELECT 1', '{"CREATE INDEX ON thing USING hash (id, url)"}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON thing USING brin (logged) INCLUDE (id)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON thing USING gin (tags DESC)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON thing USING gin (tags NULLS FIRST)}');
SELECT advisor.what_if('SELECT 1', '{CREATE INDEX ON thing USING gist (doc)}');
DROP SCHEMA index_kinds CASCADE;
