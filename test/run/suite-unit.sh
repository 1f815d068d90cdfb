#!/usr/bin/env bash
# The unit tests: suite-unit.sh WORK_DIR COUNTS_FILE
set -euo pipefail
work=$1
counts=$2

if [ ! -x "$work/unit_tests" ]; then
    echo 0 0 >"$counts"
    exit 0
fi
rc=0
ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    "$work/unit_tests" --gtest_color=no --gtest_brief=1 --gtest_output="json:$work/results/unit.json" || rc=$?
if [ -f "$work/results/unit.json" ]; then
    # The first two figures of the report are those of the whole run.
    total=$(sed -nE 's/^ *"tests": ([0-9]+),.*/\1/p' "$work/results/unit.json" | head -n 1)
    bad=$(sed -nE 's/^ *"failures": ([0-9]+),.*/\1/p' "$work/results/unit.json" | head -n 1)
    echo $((total - bad)) "$bad" >"$counts"
fi
exit "$rc"
