-- EXPLAIN (ADVISE), which is there from 18 on; before, there is nothing to test.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
LOAD 'pg_advisor';
SELECT current_setting('server_version_num')::int < 180000 AS before_18 \gset
\if :before_18
EXPLAIN (ADVISE) SELECT 1;
\quit
\endif
CREATE SCHEMA explain_advise;
SET search_path = explain_advise;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE parcel (id int PRIMARY KEY, town text, weight int);
INSERT INTO parcel SELECT g, 'town ' || g % 800, g % 97 FROM generate_series(1, 20000) g;
CREATE TABLE unknown (id int, town text);
INSERT INTO unknown SELECT g, 'town' FROM generate_series(1, 20000) g;
-- Statistics of all rows: nothing hangs on which ones a sample has.
SET default_statistics_target = 200;
VACUUM ANALYZE parcel;
-- What it prints, figures apart.
CREATE FUNCTION advised(explain text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE explain LOOP
        RETURN NEXT regexp_replace(line, '[0-9]+(\.[0-9]+)?', 'N', 'g');
    END LOOP;
END $$;
SELECT advised('EXPLAIN (ADVISE, COSTS OFF) SELECT * FROM parcel WHERE town = $t$town 7$t$');
SELECT advised('EXPLAIN (ADVISE, COSTS OFF) SELECT * FROM parcel WHERE id = 7');
SELECT advised('EXPLAIN (ADVISE OFF, COSTS OFF) SELECT * FROM parcel WHERE town = $t$town 7$t$');
SELECT advised('EXPLAIN (ADVISE, ANALYZE, COSTS OFF, SUMMARY OFF, TIMING OFF, BUFFERS OFF) UPDATE parcel SET weight = 1 WHERE town = $t$nowhere$t$');
SELECT advised('EXPLAIN (ADVISE, COSTS OFF) SELECT * FROM unknown WHERE town = $t$town$t$');
-- It is the statement that is advised, wherever it stands.
EXPLAIN (COSTS OFF) SELECT 1\; EXPLAIN (ADVISE, COSTS OFF) SELECT count(*) FROM parcel WHERE id = 8;
PREPARE of_town(text) AS SELECT id FROM parcel WHERE town = $1;
SELECT advised('EXPLAIN (ADVISE, COSTS OFF) EXECUTE of_town($t$town 7$t$)');
SELECT advised('EXPLAIN (ADVISE, COSTS OFF) CREATE TABLE seen AS SELECT * FROM parcel WHERE town = $t$town 7$t$');
-- Other formats.
CREATE FUNCTION advised_json(explain text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE plan jsonb;
BEGIN
    EXECUTE explain INTO plan;
    RETURN plan;
END $$;
SELECT suggested->>'Suggested Index' AS ddl, (suggested->>'Cost With')::float < (suggested->>'Cost Without')::float AS cheaper
FROM jsonb_array_elements(advised_json('EXPLAIN (ADVISE, FORMAT JSON) SELECT * FROM parcel WHERE town = $t$town 7$t$')->0->'Suggested Indexes') suggested;
SELECT advised_json('EXPLAIN (ADVISE, FORMAT JSON) SELECT * FROM parcel WHERE id = 7')->0->'Suggested Indexes' AS suggested;
-- Nobody without privileges learns anything.
CREATE ROLE explain_advise_nobody;
GRANT USAGE ON SCHEMA explain_advise TO explain_advise_nobody;
SET ROLE explain_advise_nobody;
EXPLAIN (ADVISE, COSTS OFF) SELECT * FROM parcel WHERE town = 'town 7';
RESET ROLE;
SET client_min_messages = warning;
DROP SCHEMA explain_advise CASCADE;
DROP ROLE explain_advise_nobody;
