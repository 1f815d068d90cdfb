#!/usr/bin/env bash
# How the advice grows with the number of partitions, joined tables and tables in the catalog:
#   growth.sh partitions 250 500 1000
#   growth.sh joins 4 8 17
#   growth.sh tables 2500 5000 10000
# One database per number, made and dropped; the connection is psql's (PGHOST, PGPORT, PGUSER), a superuser of a server that
# preloads pg_advisor, on the same machine. CPU seconds and memory are those of the backend, from /proc; "plans once" is
# the CPU time of EXPLAIN of all queries, one after the other, when the suggested indexes are there.
set -euo pipefail
kind=${1:?partitions, joins or tables}
shift
database=pg_advisor_growth

partitions() {
    cat <<SQL
CREATE TABLE part (k int, v int, w int, body text) PARTITION BY RANGE (k);
DO \$\$ BEGIN FOR i IN 0..$1 - 1 LOOP
    EXECUTE format('CREATE TABLE part_%s PARTITION OF part FOR VALUES FROM (%s) TO (%s)', i, i * 1000, i * 1000 + 1000);
END LOOP; END \$\$;
INSERT INTO part SELECT g, g % 5000, g % 777, repeat('b', 50) FROM generate_series(0, $1 * 1000 - 1) g;
ANALYZE part;
CREATE TABLE texts AS SELECT ARRAY['SELECT * FROM part WHERE k = 77', 'SELECT * FROM part WHERE v = 5',
    'SELECT * FROM part WHERE v = 5 AND w > 770', 'SELECT * FROM part WHERE k BETWEEN 500 AND 2500 AND w = 7',
    'SELECT v, count(*) FROM part WHERE w = 8 GROUP BY v'] AS queries;
SQL
}

joins() {
    cat <<SQL
DO \$\$ BEGIN FOR i IN 1..$1 LOOP
    EXECUTE format('CREATE TABLE j%s AS SELECT g AS id, g %% 5000 AS next, g %% 300 AS v, repeat(''b'', 30) AS body
                    FROM generate_series(1, 20000) g', i);
    EXECUTE format('ANALYZE j%s', i);
END LOOP; END \$\$;
CREATE TABLE texts AS SELECT ARRAY['SELECT count(*) FROM ' || string_agg('j' || i, ', ' ORDER BY i) || ' WHERE j1.v = 7'
    || string_agg(format(' AND j%s.next = j%s.id', i, i + 1), '' ORDER BY i) FILTER (WHERE i < $1)
    || string_agg(format(' AND j%s.v < 200', i), '' ORDER BY i) FILTER (WHERE i % 4 = 0)] AS queries
FROM generate_series(1, $1) i;
SQL
}

# Ten columns each; 20 of them have rows and are asked for. One transaction for 100 tables: locks are limited.
tables() {
    cat <<SQL
CREATE PROCEDURE make(n int) LANGUAGE plpgsql AS \$\$ BEGIN FOR i IN 1..n LOOP
    EXECUTE format('CREATE TABLE t%s (id int, a int, b int, c int, d int, e int, f int, g int, h int, i int)', i);
    IF i % 100 = 0 THEN COMMIT; END IF;
END LOOP; END \$\$;
CALL make($1);
DO \$\$ BEGIN FOR i IN 1..20 LOOP
    EXECUTE format('INSERT INTO t%s SELECT g, g %% 5000, g %% 10, g, g, g, g, g, g, g FROM generate_series(1, 20000) g', i);
    EXECUTE format('ANALYZE t%s', i);
END LOOP; END \$\$;
CREATE TABLE texts AS SELECT array_agg(format('SELECT * FROM t%s WHERE a = 5 AND b = 3', i)) || array_agg(format(
    'SELECT * FROM t%s x JOIN t%s y ON x.c = y.d WHERE x.a = 7', i, i % 20 + 1)) AS queries
FROM generate_series(1, 20) i;
SQL
}

printf '%10s %8s %10s %8s %8s %12s\n' "$kind" 'CPU s' 'plans once' 'MB peak' indexes 'cost % left'
for number in "$@"; do
    dropdb --if-exists "$database" 2>/dev/null
    createdb "$database"
    "$kind" "$number" | psql -Xq -v ON_ERROR_STOP=1 -d "$database"
    psql -XqAt -F ' ' -v ON_ERROR_STOP=1 -d "$database" <<SQL | { read -r cpu memory count left; read -r plans; printf '%10s %8s %10s %8s %8s %12s\n' "$number" "$cpu" "$plans" "$memory" "$count" "$left"; }
SET client_min_messages = warning;
CREATE EXTENSION pg_advisor;
CREATE FUNCTION cpu() RETURNS float8 LANGUAGE sql AS
\$\$ SELECT (f[14]::float8 + f[15]::float8) / 100 FROM string_to_array(pg_read_file('/proc/self/stat'), ' ') f \$\$;
CREATE FUNCTION kb(what text) RETURNS int LANGUAGE sql AS
\$\$ SELECT substring(pg_read_file('/proc/self/status') FROM what || ':\s+(\d+)')::int \$\$;
SELECT cpu() AS before \gset
CREATE TEMP TABLE advice AS SELECT s.* FROM texts, advisor.suggest_indexes(queries, time_limit => '${TIME_LIMIT:-5min}') s;
SELECT (cpu() - :before)::numeric(10, 2), ((kb('VmHWM') - kb('RssShmem')) / 1024.0)::numeric(10, 0), count(*),
    coalesce(100 * min(cost_after) / nullif(max(cost_before), 0), 100)::numeric(10, 1) FROM advice;
SET client_min_messages = error;
SELECT statement FROM advice, unnest(string_to_array(replace(ddl, ' CONCURRENTLY', ''), E';\n')) WITH ORDINALITY u (statement, n)
ORDER BY rank, n \gexec
DO \$\$ DECLARE query text; BEGIN FOR query IN SELECT unnest(queries) FROM texts LOOP EXECUTE 'EXPLAIN ' || query; END LOOP; END \$\$;
SELECT cpu() AS before \gset
DO \$\$ DECLARE query text; BEGIN FOR query IN SELECT unnest(queries) FROM texts LOOP EXECUTE 'EXPLAIN ' || query; END LOOP; END \$\$;
SELECT (cpu() - :before)::numeric(10, 2);
SQL
    dropdb "$database"
done
