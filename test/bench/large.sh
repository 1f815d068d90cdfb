#!/usr/bin/env bash
# How long the advice for a large workload takes, and what it is worth: see test/bench/large.py and
# docs/advice-quality.md, "Large workloads".
#
#   test/bench/large.sh load DATABASE oltp|joins       makes the database and fills it
#   test/bench/large.sh DATABASE oltp|joins N [ARGS]   advice for N texts; ARGS are more arguments of suggest_indexes
#   test/bench/large.sh DATABASE recorded N TOTAL [ARGS]   runs TOTAL calls of N statements, then asks about what was
#                                                      recorded (pg_advisor.max_statements must have room for them)
#
# Prints the seconds, the CPU seconds of the backend, the number of indexes and the costs. "checked" is the cost of
# all statements under the whole set, asked of evaluate_indexes, without the upkeep. Connection by the usual PG* variables.
set -euo pipefail
export LC_ALL=C PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=notice"
large="$(dirname "$0")/large.py"
if [ "$1" = load ]; then
    createdb "$2"
    python3 "$large" "$3" schema | PGDATABASE=$2 psql -XqAt -v ON_ERROR_STOP=1 >/dev/null
    exec psql -Xq -d "$2" -c 'CREATE EXTENSION pg_advisor'
fi
export PGDATABASE=$1
kind=$2 number=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
queries='queries => (SELECT array_agg(query ORDER BY number) FROM bench_query)'
if [ "$kind" = recorded ]; then
    total=$1
    shift
    sql -c 'SELECT advisor.reset()' >/dev/null
    python3 "$large" oltp calls "$number" "$total" | sql >/dev/null
    queries='queries => NULL'
else
    python3 "$large" "$kind" queries "$number" | sql >/dev/null 2>&1
fi
cat >"$work/question.sql" <<SQL
CREATE TEMP TABLE advice (rank int, action text, ddl text, cost_before float8, cost_after float8, index_bytes bigint);
SELECT clock_timestamp() AS started, (regexp_split_to_array(pg_read_file('/proc/self/stat'), ' '))[14]::int AS cpu \gset
INSERT INTO advice SELECT rank, action, ddl, cost_before, cost_after, index_bytes FROM advisor.suggest_indexes($queries${1:+, $*});
SELECT round(extract(epoch FROM clock_timestamp() - :'started')::numeric, 1) AS seconds,
       ((regexp_split_to_array(pg_read_file('/proc/self/stat'), ' '))[14]::int - :cpu) / 100.0 AS cpu_seconds,
       count(*) FILTER (WHERE action = 'create') AS indexes, round(max(cost_before)) AS cost_before,
       round((array_agg(cost_after ORDER BY rank DESC))[1]) AS cost_after,
       round((SELECT sum(calls * cost_after) FROM advisor.evaluate_indexes(
                  (SELECT array_agg(replace(ddl, ' CONCURRENTLY', '')) FROM advice WHERE action = 'create'), '{}',
                  $queries))) AS checked
FROM advice;
SQL
sql -A -F ' | ' -P tuples_only=off -P footer=off -f "$work/question.sql"
