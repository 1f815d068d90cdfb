-- flags: query N warning
-- flags: query N (again) warning
CREATE SCHEMA "S s";
CREATE TABLE "S s".orders (id bigint PRIMARY KEY, ref text, placed timestamptz, small_id int);
INSERT INTO "S s".orders SELECT g, g::text, timestamptz '2026-01-01' + g * interval '1 minute', g FROM generate_series(1, 50000) g;
CREATE INDEX ON "S s".orders (placed);
CREATE INDEX ON "S s".orders (small_id);
CREATE INDEX ON "S s".orders (ref);
CREATE TABLE few (id bigint PRIMARY KEY);
INSERT INTO few SELECT generate_series(1, 20);
VACUUM ANALYZE;
SET search_path = "S s", public;
DO $$
DECLARE r record;
BEGIN
    FOR i IN 1 .. 20 LOOP
        -- to be found
        EXECUTE 'SELECT id FROM orders WHERE id = $1' INTO r USING i::numeric;
        EXECUTE 'SELECT id, ref FROM orders WHERE placed::date = $1' INTO r USING date '2026-01-05';
        -- cross-type comparisons that the index understands, a small table, no index on the column
        EXECUTE 'SELECT id, small_id FROM orders WHERE small_id = $1' INTO r USING i::bigint;
        EXECUTE 'SELECT placed FROM orders WHERE placed = $1' INTO r USING date '2026-01-05';
        EXECUTE 'SELECT id, placed FROM orders WHERE ref = $1' INTO r USING i::varchar;
        EXECUTE 'SELECT id FROM few WHERE id = $1' INTO r USING i::numeric;
    END LOOP;
END
$$;
