#!/usr/bin/env bash
# make check-valgrind: a few regression tests on a server under valgrind's memcheck, and what that has to say of this
# library. Reports whose stacks do not pass through it are the server's own affair, and so are those of
# test/rules/valgrind.supp.
#   VALGRIND_TESTS="capture what_if" make check-valgrind    other tests
# Slow: a statement takes some thirty times as long.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$top"

command -v valgrind >/dev/null || die "valgrind is missing: install the package valgrind"
use_server
make_work_dir
trap 'stop_server "$work/run" immediate; rm -rf "$work"' EXIT

step_begin build
build WERROR=1 all || { cat "$work/build.log"; exit 1; }
stage test/run/server.conf || { cat "$work/build.log"; exit 1; }
step_end ok "PostgreSQL $major"

mkdir -p "$work/run" "$work/reports" "$work/results"
cp -R test expected "$work/"
cp "$work/server.conf" "$work/run/"
step_begin valgrind
VALGRIND_TESTS=${VALGRIND_TESTS:-capture what_if} run_as_ordinary_user ./test/run/valgrind-run.sh "$work" >"$work/run.log" 2>&1 </dev/null ||
    { step_end FAILED "see below"; cat "$work/run.log"; exit 1; }

# One file per process; an error that is ours names the library in its stack. With XML there is also a list of what is
# still allocated at the end, which is no error: the process ends.
found=$(perl -0777 -ne '
    while (m{<error>(.*?)</error>}gs) {
        my $error = $1;
        next unless $error =~ m{<obj>[^<]*/pg_advisor\.so</obj>};
        my ($kind) = $error =~ m{<kind>(.*?)</kind>};
        next if $kind =~ /^Leak_/;
        my @frames = $error =~ m{<fn>(.*?)</fn>}g;
        print "$kind: ", join(" < ", @frames[0 .. ($#frames < 11 ? $#frames : 11)]), "\n";
    }' "$work"/reports/*.xml | sort | uniq -c)
processes=$(find "$work/reports" -name '*.xml' | wc -l)
if [ "$processes" -gt 0 ] && [ -z "$found" ]; then
    step_end ok "no report on pg_advisor.so in $processes processes"
else
    step_end FAILED "reports on pg_advisor.so, of $processes processes"
    printf '%s\n' "$found"
    exit 1
fi
