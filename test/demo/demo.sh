#!/usr/bin/env bash
# make demo: a web shop that forgot its indexes, what pg_advisor says about it, and what following the
# advice changes, measured. On a throw-away server of its own; nothing is left behind.
set -euo pipefail
. "$(dirname "$0")/../run/common.sh"
cd "$top"

make_work_dir
# shellcheck disable=SC2317
clean_up() {
    [ ! -d "$work/run" ] || stop_server "$work/run" immediate
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "Packages: looking for what is missing."
"$top/test/run/install-deps.sh" demo
use_server
say "Build: the extension for PostgreSQL $major, staged in a temporary directory (the system gets nothing)."
if ! { build all && stage "$top/test/demo/server.conf"; }; then
    cat "$work/build.log" >&2
    die "the build failed"
fi

mkdir "$work/run"
cp -R test "$work/"
cp "$work/server.conf" "$work/run/"
# cat -s: one empty line between the chapters, whatever psql left.
run_as_ordinary_user ./test/demo/story.sh "$work/run" </dev/null | cat -s
