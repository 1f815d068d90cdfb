#!/usr/bin/env bash
# The TAP tests, each with servers of its own: suite-tap.sh WORK_DIR COUNTS_FILE
set -euo pipefail
. "$(dirname "$0")/common.sh"
work=$1
counts=$2
cd "$work"
use_server

out=$work/results/tap
mkdir -p "$out"
export ADVISOR_TEST_CONF=$work/server.conf
export TESTDIR=$out TESTDATADIR=$out/tmp_check TESTLOGDIR=$out/log
export PG_REGRESS=$pgxs_dir/test/regress/pg_regress
export PERL5LIB=$pgxs_dir/test/perl:$work/test/tap${PERL5LIB:+:$PERL5LIB}

good=0
bad=0
rc=0
for script in ${TAP_TESTS:-test/tap/*.pl}; do
    [ -f "$script" ] || continue
    log=$out/$(basename "$script" .pl).txt
    script_rc=0
    prove -v "$script" >"$log" 2>&1 || script_rc=$?
    script_good=$(grep -c '^ok ' "$log" || true)
    script_bad=$(grep -c '^not ok ' "$log" || true)
    if [ "$script_rc" -ne 0 ]; then
        rc=1
        [ "$script_bad" -gt 0 ] || script_bad=1
        grep -v '^ok ' "$log" || true
        for server_log in "$out"/log/*"$(basename "$script" .pl)"*.log "$out"/tmp_check/log/*"$(basename "$script" .pl)"_*.log; do
            [ ! -f "$server_log" ] || { echo "--- the end of $(basename "$server_log")"; grep -v 'LOG:  statement: ' "$server_log" | tail -n 30; }
        done
    fi
    good=$((good + script_good))
    bad=$((bad + script_bad))
done
echo "$good" "$bad" >"$counts"
# Data directories are of no use to a reader.
rm -rf "$out"/tmp_check/t_* "$out"/t_*
exit "$rc"
