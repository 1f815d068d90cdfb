#!/usr/bin/env bash
# make check: installs what is missing, builds, runs every suite on a private server, counts.
#   SUITES="regress tap" make check    runs some of them
#   TAP_TESTS=test/tap/002_restart.pl SUITES=tap make check    one of the TAP tests
#   JOBS=n                             limits the processes of the build
# The last line is "N passed, N failed". Logs of the run stay in build/check.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$top"

# A signal may arrive while the standard output is redirected to a log: the counts go here.
exec 3>&1

passed=0
failed=0
finished=no
finish() {
    finished=yes
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ] || exit 1
    exit 0
}
# A step that is no test: fails the whole run, its log is shown.
step_failed() {
    step_end FAILED "$1"
    sed 's/^/    /' "$2"
    failed=$((failed + 1))
    finish
}

make_work_dir
# shellcheck disable=SC2317
clean_up() {
    [ ! -d "$work/run" ] || stop_server "$work/run" immediate
    rm -rf "$work"
    if [ "$finished" = no ]; then
        printf 'broke off\n%d passed, %d failed\n' "$passed" $((failed + 1)) >&3
    fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step_begin packages
if ! "$top/test/run/install-deps.sh" check >"$work/packages.log" 2>&1; then
    step_failed "cannot install what is missing" "$work/packages.log"
fi
step_end ok "$(paste -sd ' ' "$work/packages.log")"
use_server

step_begin build
targets=(all)
units=no
if compgen -G 'test/unit/*.cpp' >/dev/null; then
    units=yes
    targets+=(build/unit_tests)
fi
targets+=(build/rules_document)
build WERROR=1 "${targets[@]}" || step_failed "see above" "$work/build.log"
stage "$top/test/run/server.conf" || step_failed "cannot stage" "$work/build.log"
step_end ok "PostgreSQL $major, $("${CXX:-g++}" --version | head -n 1)"
passed=$((passed + 1))

# All that the ordinary user needs, in a place that it owns.
mkdir -p "$work/run" "$work/results"
cp -R test expected "$work/" 2>/dev/null || cp -R test "$work/"
[ "$units" = no ] || cp "$build_dir/build/unit_tests" "$work/"
cp "$work/server.conf" "$work/run/"

for suite in ${SUITES:-rules unit regress isolation tap}; do
    step_begin "$suite"
    log=$work/results/$suite.log
    counts=$work/results/$suite.counts
    rc=0
    case $suite in
        rules) "$top/test/run/suite-rules.sh" "$build_dir/pg_advisor.so" "$counts" >"$log" 2>&1 || rc=$? ;;
        *) run_as_ordinary_user "./test/run/suite-$suite.sh" "$work" "$counts" >"$log" 2>&1 </dev/null || rc=$? ;;
    esac
    suite_passed=0
    suite_failed=0
    [ ! -f "$counts" ] || read -r suite_passed suite_failed <"$counts"
    # A suite that broke off counts as one failure, whatever it had counted.
    if [ "$rc" -ne 0 ] && [ "$suite_failed" -eq 0 ]; then suite_failed=1; fi
    passed=$((passed + suite_passed))
    failed=$((failed + suite_failed))
    if [ "$suite_failed" -eq 0 ]; then
        step_end ok "$suite_passed tests"
    else
        step_end FAILED "$suite_failed of $((suite_passed + suite_failed)) tests"
        sed 's/^/    /' "$log"
    fi
done

# For the developer: the results next to the build, in the name of who owns that.
keep_results() {
    local to=$build_dir/build/check
    mkdir -p "$build_dir/build" && rm -rf "$to" && cp -R "$work/results" "$to" || return 1
    [ "$(id -u)" != 0 ] || chown -R --reference="$build_dir" "$build_dir/build"
}
keep_results 2>/dev/null || true
finish
