#!/usr/bin/env bash
# findings.sh TABLES...: CPU time and memory of advisor.findings in a schema of that many tables (ten columns, two
# foreign keys and four indexes each), on the server that PG* variables name; it needs pg_advisor preloaded, and the
# role pg_read_server_files. The second of two calls is measured. Each size is a database advisor_bench_N, which is kept:
# a second run measures only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
for tables in "$@"; do
    db=advisor_bench_$tables
    if ! psql -XAtqc 'SELECT 1' -d "$db" >/dev/null 2>&1; then
        createdb "$db"
        psql -Xq -v ON_ERROR_STOP=1 -d "$db" -c 'CREATE EXTENSION pg_advisor' -f "$here/many_tables.sql" \
            -c 'SET pg_advisor.track = none' -c "CALL make_tables(1, $tables)" -c VACUUM
    fi
    # Fields 14 and 15 of stat: user and system time of this backend, in hundredths of a second.
    psql -XAtq -d "$db" <<SQL
SELECT count(*) AS findings FROM advisor.findings
\gset
SELECT split_part(stat, ' ', 14)::int + split_part(stat, ' ', 15)::int AS ticks
FROM pg_read_file('/proc/' || pg_backend_pid() || '/stat') AS f (stat)
\gset
SELECT count(*) AS again FROM advisor.findings
\gset
SELECT format('%s tables: %s findings, %s s of CPU, %s of private memory after it', $tables, :findings,
              round((split_part(stat, ' ', 14)::int + split_part(stat, ' ', 15)::int - :ticks) / 100.0, 2),
              substring(status FROM 'RssAnon:\s+(\d+ kB)'))
FROM pg_read_file('/proc/' || pg_backend_pid() || '/stat') AS f (stat),
     pg_read_file('/proc/' || pg_backend_pid() || '/status') AS g (status);
SQL
done
