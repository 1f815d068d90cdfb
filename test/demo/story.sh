#!/usr/bin/env bash
# The story of the demo, as an ordinary user: story.sh DIRECTORY, which gets the server and all files.
# SECONDS_PER_RUN sets how long the workload runs, before and after.
set -euo pipefail
. "$(dirname "$0")/../run/common.sh"
dir=$1
demo=$PWD/test/demo
seconds=${SECONDS_PER_RUN:-15}
use_server
trap 'stop_server "$dir" immediate' EXIT

number=0
chapter() {
    number=$((number + 1))
    printf '\n%d. %s\n' "$number" "$*"
}
shop() { psql -X -q -P pager=off -v ON_ERROR_STOP=1 -d shop "$@"; }
notes() { psql -X -q -P pager=off -v ON_ERROR_STOP=1 -d notes "$@"; }

# pgbench_arguments DIRECTORY: every script of it with the weight its first line gives.
pgbench_arguments() {
    local script
    for script in "$1"/*.sql; do
        printf '%s\n' -f "$script@$(sed -nE '1s/.*weight ([0-9]+).*/\1/p' "$script")"
    done
}

# run_workload NAME: the web site (prepared statements) and the back office (plain texts) at the same time.
run_workload() {
    local name=$1 web office rc=0
    mapfile -t web < <(pgbench_arguments "$demo/web")
    mapfile -t office < <(pgbench_arguments "$demo/office")
    mkdir "$dir/$name"
    pgbench -n -M simple -c 1 -T "$seconds" --random-seed=2 -l --log-prefix="$dir/$name/office" "${office[@]}" shop \
        >"$dir/$name/office.out" 2>&1 </dev/null &
    local office_pid=$!
    pgbench -n -M prepared -c 2 -j 2 -T "$seconds" -P 3 --random-seed=1 -l --log-prefix="$dir/$name/web" "${web[@]}" shop \
        2>&1 >"$dir/$name/web.out" </dev/null | sed -nE 's/^progress: ([0-9.]+) s, ([0-9.]+) tps, lat ([0-9.]+) ms.*/   after \1 s: \2 transactions per second, \3 ms each (web site)/p' || rc=1
    wait "$office_pid" || rc=1
    if [ "$rc" -ne 0 ] || ! grep -q '^number of failed transactions: 0 ' "$dir/$name/web.out" ||
        ! grep -q '^number of failed transactions: 0 ' "$dir/$name/office.out"; then
        cat "$dir/$name"/*.out >&2
        die "the workload had errors"
    fi
    # pgbench's log: client, transaction, microseconds, script number, ...
    local side log script number
    for side in web office; do
        number=0
        for script in "$demo/$side"/*.sql; do
            notes -c "INSERT INTO script VALUES ('$side', $number, '$(basename "$script" .sql)') ON CONFLICT DO NOTHING"
            number=$((number + 1))
        done
        for log in "$dir/$name/$side".[0-9]*; do
            awk -v run="$name" -v side="$side" '{print run "\t" side "\t" $4 "\t" $3}' "$log"
        done
    done | cat >"$dir/$name/latencies"
    notes -c "\\copy latency FROM '$dir/$name/latencies'"
}

chapter "Starting a server of our own with shared_preload_libraries = 'pg_advisor', on a socket in $dir."
make_cluster "$dir"
start_server "$dir"
createdb notes
notes -f "$demo/notes.sql"

chapter "Loading a web shop that has primary and foreign keys, and none of the indexes its queries need."
createdb shop
shop -f "$demo/shop.sql"
shop -P footer=off -f "$demo/tables.sql"

chapter "CREATE EXTENSION pg_advisor; from here on every statement is counted."
shop -c "CREATE EXTENSION pg_advisor" -c "SELECT advisor.reset()" >/dev/null

requests=("$demo"/web/*.sql "$demo"/office/*.sql)
chapter "The shop is open for $seconds seconds: ${#requests[@]} kinds of requests, prepared statements and plain texts."
run_workload before

chapter "Where were tables read from end to end? (advisor.seq_scan_hotspots)"
shop -P footer=off -f "$demo/hotspots.sql"

chapter "What would help? (advisor.index_suggestions; nothing has been created so far)"
shop -P footer=off -v ddl="$dir/apply.sql" -v count="$dir/count" -f "$demo/suggestions.sql"
count=$(cat "$dir/count")
[ "$count" -gt 0 ] || die "no index was suggested for a shop without indexes"

chapter "Doing what it says, word for word: $count steps."
shop -e -f "$dir/apply.sql"

chapter "The same $seconds seconds again."
shop -c "SELECT advisor.reset()" >/dev/null
run_workload after

chapter "Measured by pgbench, before and after:"
notes -P footer=off -v seconds="$seconds" -f "$demo/compare.sql"

chapter "And now? What is still read from end to end, and what is still suggested:"
shop -P footer=off -f "$demo/hotspots.sql"
shop -P footer=off -f "$demo/left.sql"

factor=$(notes -At -v seconds="$seconds" -f "$demo/factor.sql")
if [ "$(notes -At -c "SELECT $factor > 1")" != t ]; then
    die "the advice made this shop slower: $factor times the transactions"
fi
printf '\nThe shop handles %s times the requests it did %d steps ago. Server and data are removed now.\n' "$factor" "$count"
