#!/usr/bin/env bash
# The isolation specs on the throw-away server: suite-isolation.sh WORK_DIR COUNTS_FILE
set -euo pipefail
. "$(dirname "$0")/suite.sh"

for input in test/isolation/specs/*.spec; do
    [ ! -f "$input" ] || tests+=("$(basename "$input" .spec)")
done
run_pg_regress "$pgxs_dir/test/isolation/pg_isolation_regress" isolation_regression test/isolation test/isolation/expected
