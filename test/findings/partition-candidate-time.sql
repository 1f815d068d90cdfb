-- flags: "S s"."Events" warning
-- flags: public.log notice
CREATE SCHEMA "S s";
CREATE TABLE "S s"."Events" (id bigint PRIMARY KEY, "At" timestamptz NOT NULL, v int);
CREATE TABLE public.log (at date NOT NULL, v int);
-- read by key; shuffled and never thinned out; bounded by some of the calls only; small
CREATE TABLE by_key (id bigint PRIMARY KEY, at timestamptz NOT NULL, v int);
CREATE TABLE shuffled (id bigint PRIMARY KEY, at timestamptz NOT NULL, v int);
CREATE TABLE mixed (id bigint PRIMARY KEY, at timestamptz NOT NULL, v int);
CREATE TABLE small (id bigint PRIMARY KEY, at timestamptz NOT NULL, v int);
CREATE TABLE parted (id bigint, at timestamptz NOT NULL, v int) PARTITION BY RANGE (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2027-01-01 00:00+00');
INSERT INTO "S s"."Events" SELECT g, timestamptz '2026-01-01 00:00+00' + g * interval '1 minute', g FROM generate_series(1, 20000) g;
INSERT INTO log SELECT date '2026-01-01' + g / 100, g FROM generate_series(1, 20000) g;
INSERT INTO by_key SELECT * FROM "S s"."Events";
INSERT INTO shuffled SELECT * FROM "S s"."Events" ORDER BY md5(id::text);
INSERT INTO mixed SELECT * FROM "S s"."Events";
INSERT INTO small SELECT * FROM "S s"."Events" LIMIT 100;
INSERT INTO parted SELECT * FROM "S s"."Events";
VACUUM ANALYZE;
SELECT advisor.set_threshold('partition-candidate-time', 'min_bytes', 500000);
SELECT advisor.set_threshold('partition-candidate-time', 'min_calls', 10);
DO $$
DECLARE n bigint; t text;
BEGIN
    DELETE FROM "S s"."Events" WHERE "At" < '2026-01-01 02:00+00';
    DELETE FROM small WHERE at < '2026-01-01 00:02+00';
    FOR i IN 1 .. 20 LOOP
        FOREACH t IN ARRAY '{shuffled,mixed,small,parted}'::text[] LOOP
            EXECUTE format('SELECT count(v) FROM %I WHERE at > $1', t) INTO n USING timestamptz '2026-01-10 00:00+00';
        END LOOP;
        SELECT count(v) INTO n FROM "S s"."Events" WHERE "At" BETWEEN '2026-01-10 00:00+00' AND '2026-01-11 00:00+00';
        SELECT count(v) INTO n FROM log WHERE at >= date '2026-02-01' + i;
        SELECT v INTO n FROM by_key WHERE id = i;
        SELECT v INTO n FROM mixed WHERE id = i;
    END LOOP;
END
$$;
