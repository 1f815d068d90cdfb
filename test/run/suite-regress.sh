#!/usr/bin/env bash
# pg_regress on the throw-away server: suite-regress.sh WORK_DIR COUNTS_FILE
set -euo pipefail
. "$(dirname "$0")/suite.sh"

for input in test/sql/*.sql; do
    name=$(basename "$input" .sql)
    [ ! -f "expected/$name.out" ] || tests+=("$name")
done
run_pg_regress "$pgxs_dir/test/regress/pg_regress" contrib_regression test expected
