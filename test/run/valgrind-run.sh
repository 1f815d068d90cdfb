#!/usr/bin/env bash
# The part of make check-valgrind that the ordinary user does: $VALGRIND_TESTS on a server under valgrind. valgrind-run.sh WORK_DIR
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
work=$1
cd "$work"
use_server

make_cluster "$work/run"
# Valgrind makes everything late: nothing may depend on being in time.
say "pg_advisor.advice_time_limit = '10min'" >>run/data/postgresql.conf
valgrind --quiet --trace-children=yes --leak-check=no --num-callers=40 --suppressions="$work/test/rules/valgrind.supp" --xml=yes \
    --xml-file="$work/reports/%p.xml" "$bindir/postgres" -D run/data >run/server.log 2>&1 &
server=$!
trap 'pg_ctl -D run/data -m immediate -s stop || true' EXIT
export PGHOST=$work/run PGPORT=5432 PGUSER=postgres
for _ in $(seq 120); do
    if pg_isready -q -d postgres; then break; fi
    kill -0 "$server" || { cat run/server.log; exit 1; }
    sleep 1
done
ln -s "$work/expected" results/expected
where=(--inputdir=test --outputdir=results)
[ "$major" -lt 16 ] || where+=(--expecteddir=results)
read -ra tests <<<"$VALGRIND_TESTS"
"$pgxs_dir/test/regress/pg_regress" "${where[@]}" --bindir="$bindir" --dbname=contrib_regression --host="$PGHOST" \
    --port="$PGPORT" --user=postgres "${tests[@]}" || { cat results/regression.diffs; exit 1; }
trap - EXIT
pg_ctl -D run/data -m fast -s -w -t 300 stop
wait "$server"
