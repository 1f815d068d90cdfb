-- flags: public."Up dated" notice
-- undo: stays away, dead rows are gone
SELECT advisor.set_threshold('vacuum-overdue', 'min_dead', 1000);
CREATE TABLE "Up dated" (id int PRIMARY KEY, n int);
INSERT INTO "Up dated" SELECT g, g FROM generate_series(1, 5000) g;
-- Few dead rows; not yet many times over; an option that says later; without autovacuum; vacuumed; partitioned.
CREATE TABLE few AS SELECT * FROM "Up dated" LIMIT 100;
CREATE TABLE several AS SELECT * FROM "Up dated";
CREATE TABLE patient (LIKE "Up dated") WITH (autovacuum_vacuum_threshold = 100000);
INSERT INTO patient SELECT * FROM "Up dated";
CREATE TABLE disabled (LIKE "Up dated") WITH (autovacuum_enabled = false);
INSERT INTO disabled SELECT * FROM "Up dated";
CREATE TABLE vacuumed AS SELECT * FROM "Up dated";
SELECT pg_stat_force_next_flush();
ANALYZE;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY '{"\"Up dated\"",few,patient,disabled,vacuumed}'::text[] LOOP
        FOR i IN 1 .. 3 LOOP
            EXECUTE format('UPDATE %s SET n = n + 1', t);
        END LOOP;
    END LOOP;
    UPDATE several SET n = n + 1 WHERE id <= 1500;
END
$$;
SELECT pg_stat_force_next_flush();
VACUUM vacuumed;
