-- flags: "S s"."At idx" notice
CREATE SCHEMA "S s";
CREATE TABLE "S s"."Readings" (id int PRIMARY KEY, "At" timestamptz NOT NULL, v int);
CREATE INDEX "At idx" ON "S s"."Readings" ("At");
INSERT INTO "S s"."Readings" SELECT g, timestamptz '2026-01-01 00:00+00' + g * interval '1 minute', g FROM generate_series(1, 50000) g;
CREATE TABLE looked_up AS SELECT id, "At" AS at, v FROM "S s"."Readings";
CREATE TABLE sorted AS SELECT * FROM looked_up;
CREATE TABLE narrow AS SELECT * FROM looked_up;
CREATE TABLE shuffled AS SELECT * FROM looked_up ORDER BY md5(id::text);
CREATE TABLE moving AS SELECT * FROM looked_up;
CREATE TABLE has_brin AS SELECT * FROM looked_up;
CREATE TABLE unused AS SELECT * FROM looked_up;
CREATE TABLE is_unique AS SELECT * FROM looked_up;
CREATE INDEX ON looked_up (at);
CREATE INDEX ON sorted (at);
CREATE INDEX ON narrow (at);
CREATE INDEX ON shuffled (at);
CREATE INDEX ON moving (at);
CREATE INDEX ON has_brin (at);
CREATE INDEX ON has_brin USING brin (at);
CREATE INDEX ON unused (at);
CREATE UNIQUE INDEX ON is_unique (at);
UPDATE moving SET at = at + interval '1 second' WHERE id % 10 = 0;
VACUUM FULL moving;
VACUUM ANALYZE;
SELECT advisor.set_threshold('brin-candidate', 'min_index_bytes', 500000);
CREATE PROCEDURE read_range(t text, low timestamptz, high timestamptz, after text)
LANGUAGE plpgsql AS $$
DECLARE r record; n int := 0;
BEGIN
    FOR r IN EXECUTE format('SELECT * FROM %s WHERE at >= %L AND at < %L %s', t, low, high, after) LOOP
        n := n + 1;
    END LOOP;
END
$$;
DO $$
DECLARE t text; r record;
BEGIN
    FOR r IN SELECT * FROM "S s"."Readings" WHERE "At" > '2026-01-30 00:00+00' LOOP END LOOP;
    FOREACH t IN ARRAY '{looked_up,sorted,shuffled,moving,has_brin,is_unique}'::text[] LOOP
        CALL read_range(t, '2026-01-10 00:00+00', '2026-01-15 00:00+00', '');
    END LOOP;
    CALL read_range('narrow', '2026-01-10 00:00+00', '2026-01-10 01:00+00', '');
    CALL read_range('sorted', '2026-01-10 00:00+00', '2026-01-15 00:00+00', 'ORDER BY at');
    SELECT * INTO r FROM looked_up WHERE at = '2026-01-10 00:00+00';
END
$$;
