-- Tables of the measurements beside those of pgbench.
DO $$
BEGIN
    EXECUTE 'CREATE TABLE wide (' || (SELECT string_agg(format('c%s int', i), ', ') FROM generate_series(0, 149) i) || ')';
    EXECUTE 'INSERT INTO wide SELECT ' || (SELECT string_agg(i::text, ', ') FROM generate_series(0, 149) i);
END $$;
CREATE TABLE scanned AS SELECT g AS id, g % 1000 AS part, repeat('x', 50) AS filler FROM generate_series(1, 1000000) g;

CREATE PROCEDURE bench_loop(n int) LANGUAGE plpgsql AS $$
DECLARE
    found int;
BEGIN
    FOR i IN 1 .. n LOOP
        SELECT abalance INTO found FROM pgbench_accounts WHERE aid = i % 1000 + 1;
    END LOOP;
END $$;

-- The ranks of statements by how often they run: P(k) ~ k ^ -1.5.
CREATE TABLE zipf AS SELECT k, (sum(k ^ -1.5) OVER (ORDER BY k) / sum(k ^ -1.5) OVER ())::float8 AS upto
FROM generate_series(1, 20000) k;
CREATE INDEX ON zipf (upto);
VACUUM (FREEZE, ANALYZE);
