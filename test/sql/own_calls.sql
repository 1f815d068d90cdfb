-- What is no part of the workload: asking for advice, however often it is done, and temporary tables.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA own_calls;
SET search_path = own_calls;
CREATE TABLE item AS SELECT g AS id, g % 1000 AS k, repeat('x', 50) AS payload FROM generate_series(1, 20000) g;
VACUUM ANALYZE item;
SELECT advisor.reset();
SELECT count(*) FROM item WHERE k = 5;
SELECT ddl, improvement, statements FROM advisor.index_suggestions \gset
DO $$ BEGIN
    FOR i IN 1..30 LOOP
        PERFORM * FROM advisor.index_suggestions;
        PERFORM * FROM advisor.rules;
        PERFORM * FROM advisor.seq_scan_hotspots;
        PERFORM count(*) FROM pg_class;
    END LOOP;
END $$;
SELECT ddl = :'ddl' AND improvement = :improvement AND statements = :statements AS same FROM advisor.index_suggestions;

-- In front of a permanent table of the same name: that one is not read.
SELECT advisor.reset();
CREATE TEMP TABLE item AS SELECT * FROM own_calls.item;
ANALYZE pg_temp.item;
SELECT count(*) FROM item WHERE k = 6;
PREPARE by_k AS SELECT count(*) FROM item WHERE k = $1;
EXECUTE by_k(7);
DISCARD TEMP;
SELECT count(*) AS suggestions FROM advisor.index_suggestions;
SELECT calls FROM advisor.statements WHERE query ~ '^(SELECT|PREPARE).* FROM item WHERE k';

DROP SCHEMA own_calls CASCADE;
SELECT advisor.reset();
