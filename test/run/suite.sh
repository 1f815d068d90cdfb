# shellcheck shell=bash
# What the pg_regress suites share. Sourced, with the working directory and the counts file as arguments.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
work=$1
counts=$2
cd "$work" || exit 1
tests=()
use_server

# run_pg_regress PROGRAM DATABASE INPUT_DIR ANSWER_DIR: runs $tests one after the other.
run_pg_regress() {
    local program=$1 database=$2 input=$3 answers=$4
    local out=results/$database rc=0 bad
    if [ ${#tests[@]} -eq 0 ]; then
        echo 0 0 >"$counts"
        return
    fi
    mkdir -p "$out"
    # 15 takes answers from the output directory, 16 and later from where it is told.
    ln -s "$work/$answers" "$out/expected"
    local where=(--inputdir="$input" --outputdir="$out")
    [ "$major" -lt 16 ] || where+=(--expecteddir="$out")
    trap 'stop_server "$work/run"' EXIT
    if [ ! -f run/data/PG_VERSION ]; then
        make_cluster "$work/run"
        # The module whose figures ours must equal, where it is installed; the TAP tests run without it.
        if [ -f "$("$PG_CONFIG" --pkglibdir)/pg_stat_statements.so" ]; then
            say "shared_preload_libraries = 'pg_stat_statements, pg_advisor'" >>run/data/postgresql.conf
        fi
    fi
    start_server "$work/run"
    "$program" "${where[@]}" --bindir="$bindir" --dbname="$database" --host="$PGHOST" --port="$PGPORT" \
        --user=postgres "${tests[@]}" >"$out/summary" 2>&1 || rc=$?
    bad=$(grep -cE '^not ok |^(test +)?[^ ].* \.\.\. (FAILED|failed)' "$out/summary" || true)
    if [ "$rc" -ne 0 ]; then
        cat "$out/summary"
        if [ "$bad" -gt 0 ] && [ -f "$out/regression.diffs" ]; then
            cat "$out/regression.diffs"
        else
            # Broke off: the server knows why.
            bad=${#tests[@]}
            tail -n 60 run/server.log
        fi
    fi
    cp run/server.log "$out/" || true
    rm "$out/expected"
    echo $((${#tests[@]} - bad)) "$bad" >"$counts"
    return "$rc"
}
