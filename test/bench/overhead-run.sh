#!/usr/bin/env bash
# The measurements of overhead.sh, as an ordinary user: overhead-run.sh WORK_DIR
#
# Instructions are those of the client's backend in user space, counted by valgrind (cachegrind without caches).
# A workload is run twice, with n and with 2n statements, each in a session of its own; the difference divided
# by n has neither start-up nor warm-up in it. The kernel, cache misses and waiting are not seen: that is what
# the part "tps" is for.
set -euo pipefail
. "$(dirname "$0")/../run/common.sh"
work=$1
cd "$work"
use_server
here=$work/test/bench
export PGOPTIONS='-c client_min_messages=warning'

configurations=(${CONFIGURATIONS:-none pg_stat_statements pg_advisor})
trap 'for d in "$work"/run-*; do [ ! -f "$d/data/postmaster.pid" ] || stop_server "$d" immediate; done' EXIT

want() { case " $PARTS " in *" $1 "*) true ;; *) false ;; esac; }
note() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }
query() { psql -qXAt -d bench "$@"; }

make_template() {
    mkdir -p "$work/template"
    cp "$work/server.conf" "$work/template/server.conf"
    make_cluster "$work/template"
    start_server "$work/template"
    createdb bench
    pgbench -i -q -s 2 bench >/dev/null 2>&1
    query -f "$here/tables.sql"
    stop_server "$work/template"
}

# use_configuration NAME [more settings]: a server directory of its own, not started.
use_configuration() {
    run=$work/run-$1
    rm -rf "$run"
    mkdir "$run"
    cp -a "$work/template/data" "$run/data"
    {
        say "unix_socket_directories = '$run'"
        [ "$1" = none ] || say "shared_preload_libraries = '$1'"
        shift
        printf '%s\n' "$@"
    } >>"$run/data/postgresql.conf"
    export PGHOST=$run PGPORT=5432 PGUSER=postgres
}

start_counted() {
    valgrind -q --tool=cachegrind --cache-sim=no --cachegrind-out-file="$run/cg.%p" \
        "$bindir/postgres" -D "$run/data" >"$run/server.log" 2>&1 &
    server=$!
    until pg_isready -q; do
        kill -0 "$server" || { cat "$run/server.log" >&2; exit 1; }
        sleep 0.2
    done
    query -c 'SELECT sum(abalance) FROM pgbench_accounts' >/dev/null
    sleep 2
    children=$(pgrep -c -P "$(head -n 1 "$run/data/postmaster.pid")")
}

# Its counts are written when it has stopped.
stop_counted() {
    stop_server "$run"
    wait "$server" || true
}

# Runs a client command; prints the instructions of the one backend it had: of all that ended, the busiest.
instructions_of() {
    rm -f "$run"/cg.*
    "$@" >"$run/client.log" 2>&1 || { cat "$run/client.log" >&2; exit 1; }
    until [ "$(pgrep -c -P "$(head -n 1 "$run/data/postmaster.pid")")" -le "$children" ]; do sleep 0.1; done
    awk '/^summary:/ { if ($2 + 0 > most) most = $2 + 0 } END { printf "%.0f", most }' "$run"/cg.*
}

per_statement() {
    local n=$1
    shift
    local once twice
    once=$(instructions_of "$@" "$n")
    twice=$(instructions_of "$@" $((2 * n)))
    echo $(((twice - once) / n))
}

pgbench_run() { pgbench -n -c 1 --random-seed=1 -M "$2" -f "$here/$1.sql" -t "$3" bench; }
loop_run() { query -c "CALL bench_loop($1)"; }

# pairs: one line per measurement: what, configuration, instructions.
table_of() {
    awk '
    { if (!($1 in known)) { known[$1] = 1; order[++count] = $1 } v[$1, $2] = $3 }
    END {
        for (i = 1; i <= count; i++) {
            w = order[i]; base = v[w, "none"]
            a = v[w, "pg_stat_statements"] - base; b = v[w, "pg_advisor"] - base
            label = w; gsub("_", " ", label)
            printf "| %s | %d | +%d | +%d | %.2f |\n", label, base, a, b, b / a
        }
    }' "$1"
}

part_instructions() {
    local name mode workload results=$work/instructions.txt
    : >"$results"
    for name in "${configurations[@]}"; do
        use_configuration "$name"
        start_counted
        for mode in simple prepared; do
            for workload in point join update; do
                note "$name: $workload, $mode"
                say "${workload},_${mode} $name $(per_statement "$STATEMENTS" pgbench_run "$workload" "$mode")" >>"$results"
            done
        done
        note "$name: PL/pgSQL loop"
        say "in_a_PL/pgSQL_loop $name $(per_statement $((STATEMENTS * 5)) loop_run)" >>"$results"
        stop_counted
    done
    say ""
    say "Instructions per statement"
    say ""
    say "| statement | no module | pg_stat_statements | pg_advisor | ratio |"
    say "|---|---:|---:|---:|---:|"
    table_of "$results"
}

# distinct_run PHASE_FILE
distinct_run() { query -f "$1"; }

part_distinct() {
    local name phase total empty results=$work/distinct.txt
    : >"$results"
    say '' >"$work/phase-empty.sql"
    distinct_texts 0 4000 >"$work/phase-new.sql"
    cp "$work/phase-new.sql" "$work/phase-again_soon.sql"
    distinct_texts 4000 20000 >"$work/phase-evicting.sql"
    cp "$work/phase-new.sql" "$work/phase-coming_back.sql"
    for name in "${configurations[@]}"; do
        use_configuration "$name"
        start_counted
        empty=$(instructions_of distinct_run "$work/phase-empty.sql")
        for phase in new again_soon evicting coming_back; do
            note "$name: distinct statements, $phase"
            total=$(instructions_of distinct_run "$work/phase-$phase.sql")
            say "$phase $name $(((total - empty) / $(wc -l <"$work/phase-$phase.sql")))" >>"$results"
        done
        stop_counted
    done
    say ""
    say "20,000 distinct statements, a table of 5,000 entries: instructions per statement"
    say ""
    say "| phase | no module | pg_stat_statements | pg_advisor | ratio |"
    say "|---|---:|---:|---:|---:|"
    table_of "$results"
}

# Statements first to last-1 of those that differ in the columns they ask for.
distinct_texts() {
    awk -v first="$1" -v last="$2" 'BEGIN {
        for (i = first; i < last; i++)
            printf "SELECT c%d, c%d FROM wide WHERE c0 = 0;\n", i % 150, int(i / 150)
    }'
}

part_coverage() {
    use_configuration pg_advisor "shared_preload_libraries = 'pg_stat_statements, pg_advisor'" \
        'pg_stat_statements.max = 50000'
    start_server "$run"
    query -c 'CREATE EXTENSION pg_stat_statements' -c 'CREATE EXTENSION pg_advisor'
    note "coverage of a Zipf-like workload"
    query -f "$here/zipf.sql" >/dev/null
    say ""
    say "Share of the execution time that is still known, 500,000 executions with Zipf-like frequencies (s = 1.5) of 20,000 statements, a table of 5,000"
    say ""
    query -F ' | ' -f "$here/coverage.sql" | sed 's/^/| /; s/$/ |/'
    stop_server "$run"
}

part_scan() {
    use_configuration pg_advisor
    start_server "$run"
    query -c 'CREATE EXTENSION pg_advisor'
    note "a scan of 1e6 rows with and without counting"
    say ""
    say "Sequential scan of 1,000,000 rows, ms: counted how often, median and mean of 101, in turns"
    say ""
    query -F ' | ' -f "$here/scan.sql" | sed 's/^/| /; s/$/ |/'
    stop_server "$run"
}

part_tps() {
    local name clients round results=$work/tps.txt order
    : >"$results"
    for name in "${configurations[@]}"; do
        use_configuration "$name"
        start_server "$run"
        pgbench -n -S -M prepared -c 2 -T 2 bench >/dev/null 2>&1
    done
    for round in $(seq "$ROUNDS"); do
        note "tps, round $round of $ROUNDS"
        for clients in 1 2 16; do
            order=("${configurations[@]}")
            [ $((round % 2)) = 0 ] || mapfile -t order < <(printf '%s\n' "${configurations[@]}" | tac)
            for name in "${order[@]}"; do
                export PGHOST=$work/run-$name
                say "$clients $round $name $(pgbench -n -S -M prepared -c "$clients" -j 1 -T "$SECONDS_EACH" bench 2>/dev/null |
                    awk '/^tps/ { print $3 }')" >>"$results"
            done
        done
    done
    say ""
    say "pgbench -S -M prepared, transactions per second: median of $ROUNDS rounds, ratios within a round"
    say ""
    say "| clients | no module | pg_stat_statements | pg_advisor | pg_advisor / pg_stat_statements (min to max) |"
    say "|---:|---:|---:|---:|---:|"
    for clients in 1 2 16; do
        tps_row "$clients" "$results"
    done
}

median() { sort -g | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
tps_row() {
    local name ratios
    printf '| %s ' "$1"
    for name in "${configurations[@]}"; do
        printf '| %.0f ' "$(awk -v c="$1" -v n="$name" '$1 == c && $3 == n { print $4 }' "$2" | median)"
    done
    ratios=$(awk -v c="$1" '$1 == c { v[$2, $3] = $4; r[$2] = 1 }
        END { for (i in r) print v[i, "pg_advisor"] / v[i, "pg_stat_statements"] }' "$2" | sort -g)
    printf '| %.3f (%.3f to %.3f) |\n' "$(median <<<"$ratios")" "$(head -n 1 <<<"$ratios")" "$(tail -n 1 <<<"$ratios")"
}

make_template
say "$(postgres --version), $(nproc) CPUs, $(uname -m), $(date -u +%Y-%m-%d)"
for part in instructions distinct coverage scan tps; do
    if want "$part"; then "part_$part"; fi
done
