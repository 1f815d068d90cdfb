-- flags: public."M v" notice
-- flags: public.partly notice
SELECT advisor.set_threshold('matview-no-unique-index', 'min_bytes', 50000);
CREATE MATERIALIZED VIEW "M v" AS SELECT g AS id, g % 7 AS day FROM generate_series(1, 5000) g;
CREATE INDEX ON "M v" (id);
CREATE MATERIALIZED VIEW partly AS SELECT g AS id, g % 7 AS day FROM generate_series(1, 5000) g;
CREATE UNIQUE INDEX ON partly (id) WHERE day > 3;
CREATE UNIQUE INDEX ON partly ((id + 1));
-- Has one; small; nobody reads it; empty.
CREATE MATERIALIZED VIEW good AS SELECT g AS id FROM generate_series(1, 5000) g;
CREATE UNIQUE INDEX ON good (id);
CREATE MATERIALIZED VIEW small AS SELECT 1 AS id;
CREATE MATERIALIZED VIEW unread AS SELECT g AS id FROM generate_series(1, 5000) g;
CREATE TABLE plain AS SELECT g AS id FROM generate_series(1, 5000) g;
DO $$ BEGIN FOR i IN 1 .. 12 LOOP
    PERFORM sum(id) FROM "M v" UNION ALL SELECT sum(id) FROM partly UNION ALL SELECT sum(id) FROM good UNION ALL SELECT sum(id) FROM small
    UNION ALL SELECT sum(id) FROM plain;
END LOOP; END $$;
ANALYZE;
SELECT pg_stat_force_next_flush();
