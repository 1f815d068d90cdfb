#!/usr/bin/env bash
# make check-shared-writes: an execution of a known statement writes nothing that other processes see.
#
# In one session of a throw-away server all that is shared and the advisor's, its segment and its locks, is made
# read-only (gdb calls mprotect in the backend). Then EXECUTIONS executions of a prepared statement have to succeed.
# They are handed over at last: that has to fail at the lock, and again in the segment once the lock may be written,
# or the pages were not protected. Whole pages are: what the server has beside it there, this session does not write.
#
# Parameters are not kept meanwhile (sample_parameters is off): the few executions that are remembered do write.
set -euo pipefail
. "$(dirname "$0")/../run/common.sh"

executions=${EXECUTIONS:-10000}

prepare() {
    "$top/test/run/install-deps.sh" shared-writes >"$work/packages.log" 2>&1 || { cat "$work/packages.log"; exit 1; }
    use_server
    build WERROR=1 all || { cat "$work/build.log"; exit 1; }
    stage "$top/test/bench/server.conf" || { cat "$work/build.log"; exit 1; }
    say "shared_preload_libraries = 'pg_advisor'" >>"$work/server.conf"
    cp -R test "$work/"
}

# The statement is known, its counts were handed over, and the next time is a minute away.
open_session() {
    mkfifo "$work/questions" "$work/answers"
    PGOPTIONS='-c pg_advisor.flush_interval=60000' psql -XqAt -d postgres \
        <"$work/questions" >"$work/answers" 2>"$work/session.err" &
    exec {questions}>"$work/questions" {answers}<"$work/answers"
    ask "SET pg_advisor.sample_parameters = off; PREPARE known(int) AS SELECT relname FROM pg_class WHERE oid = \$1;"
    ask "$(executes 200)"
    ask "SELECT pg_backend_pid();"
    backend=$answer
}

executes() { seq "$1" | sed 's/.*/EXECUTE known(1259);/'; }

# ask SQL: its rows are in $answer; fails when the session ended instead. By way of a file, for a pipe would fill up.
ask() {
    local line
    answer=
    say "$1" >"$work/question.sql"
    printf '%s\n' "\\i $work/question.sql" '\echo answered' >&"$questions"
    while read -r line <&"$answers"; do
        [ "$line" != answered ] || return 0
        answer+=${answer:+$'\n'}$line
    done
    return 1
}

# debug COMMANDS...: in the backend, which is stopped meanwhile.
debug() {
    timeout 60 gdb -q -batch -nx -p "$backend" -x "$work/test/bench/shared_writes.gdb" "$@" 2>"$work/gdb.err"
}

# fault_is_in NUMBER FUNCTION
fault_is_in() {
    sed -n "/^fault $1\$/,/^end\$/p" "$work/control.log" | grep -Em 1 "$2" ||
        die "fault $1 is not where it should be: $(cat "$work/control.log" "$work/gdb.err")"
}

run() {
    use_server
    make_cluster "$work"
    trap 'stop_server "$work" immediate' EXIT
    start_server "$work"
    open_session

    debug -ex protect -ex 'echo protected\n' >"$work/protect.log" || true
    grep -q '^protected$' "$work/protect.log" || { cat "$work/protect.log" "$work/gdb.err"; die "cannot protect"; }
    grep '^read-only' "$work/protect.log"

    ask "$(executes "$executions")" || die "an execution wrote: $(tail -n 3 "$work/session.err" "$work/server.log")"
    [ "$(grep -c '^pg_class$' <<<"$answer")" = "$executions" ] || die "the statement did not run"
    say "ok: $executions executions"

    # The session does not survive this: it is asked when gdb is there to look on.
    executes 1 >"$work/last.sql"
    debug -ex show_pending -ex make_flush_due -ex "shell cat '$work/last.sql' >'$work/questions'" -ex show_two_faults \
        -ex kill >"$work/control.log" || true
    waiting=$(sed -n 's/^waiting in the backend: \([0-9]*\) calls$/\1/p' "$work/control.log")
    [ "${waiting:-0}" -ge "$executions" ] || die "they were not recorded: $(cat "$work/control.log" "$work/gdb.err")"
    say "ok: the backend has counted them, $waiting calls are waiting"
    fault_is_in 1 'LWLock(Conditional)?Acquire'
    fault_is_in 2 '^#0 .*pg_advisor::store::'
    say "ok: handing them over was caught, at the lock and in the segment"
}

if [ $# = 1 ]; then
    work=$1
    run
else
    cd "$top"
    make_work_dir
    trap 'stop_server "$work" immediate; rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    prepare
    run_as_ordinary_user ./test/bench/no_shared_writes.sh "$work"
fi
