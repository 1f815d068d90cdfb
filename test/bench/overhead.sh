#!/usr/bin/env bash
# make bench-overhead: what recording costs, measured side by side with pg_stat_statements.
#   PARTS="instructions distinct coverage scan tps" make bench-overhead    runs some of the parts
#   STATEMENTS=n ROUNDS=n SECONDS_EACH=n                                   shorter or longer
# Prints the tables of docs/overhead.md. Not a test: it asserts nothing.
set -euo pipefail
. "$(dirname "$0")/../run/common.sh"
cd "$top"

export PARTS=${PARTS:-instructions distinct coverage scan tps}
export STATEMENTS=${STATEMENTS:-1000} ROUNDS=${ROUNDS:-7} SECONDS_EACH=${SECONDS_EACH:-4}

make_work_dir
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

{
    "$top/test/run/install-deps.sh" bench >"$work/packages.log" 2>&1 || { cat "$work/packages.log"; exit 1; }
    use_server
    build WERROR=1 all || { cat "$work/build.log"; exit 1; }
    stage "$top/test/bench/server.conf" || { cat "$work/build.log"; exit 1; }
} >&2
cp -R test "$work/"
run_as_ordinary_user ./test/bench/overhead-run.sh "$work"
