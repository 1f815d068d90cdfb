#!/usr/bin/env bash
# make check-versions: make check on other versions of PostgreSQL, each in a chroot of the Debian release that has it.
#   VERSIONS="15 17 18" make check-versions     some of them (default 17 18)
#   SUITES="rules regress" make check-versions  some of the suites, as with make check
#   NEIGHBOURS=postgis-3                        more extensions to load beside this one (install-deps.sh)
#   AT_ONCE=1                                   one after the other (default 2 side by side)
#   ADVISOR_CHROOTS=directory                   where chroots are kept for the next time
#   ADVISOR_LIMIT=45m                           what a step may take
# Needs root or sudo, and debootstrap, which it installs. One line per version at the end, before it what failed; a
# chroot that cannot be made is a failure. What make check printed is in build/versions.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/chroots.sh"
cd "$top"

logs=$top/build/versions

# Into LOGS/VERSION.log and, at the end, the line into LOGS/VERSION.line.
check_version() {
    local version=$1 release=$2 root=$chroots/$2 rc=0
    if ! hold_chroot "$release" || ! make_chroot "$release"; then
        echo "cannot make the chroot of $release"
        return 1
    fi
    echo "ready after $SECONDS s"
    rm -rf "$root"/tmp/pg_advisor.*
    copy_tree "$root" check
    inside "$root" env PG_MAJOR="$version" SUITES="${SUITES:-}" TAP_TESTS="${TAP_TESTS:-}" JOBS="$jobs" CI=true \
        NEIGHBOURS="${NEIGHBOURS:-}" \
        make --no-print-directory -C /check check || rc=$?
    rm -rf "${logs:?}/$version"
    [ ! -d "$root/check/build/check" ] || cp -R "$root/check/build/check" "$logs/$version"
    rm -rf "$root/check"
    return "$rc"
}

one_version() {
    local version=$1 release log=$logs/$1.log outcome=ok
    release=$(release_of "$version") || release='no release'
    if [ "$release" = 'no release' ]; then
        echo "no Debian release is known to have PostgreSQL $version" >"$log"
        outcome=FAILED
    else
        check_version "$version" "$release" >"$log" 2>&1 </dev/null || outcome=FAILED
    fi
    printf '%-4s %-10s %-7s %s (%d s)\n' "$version" "$release" "$outcome" \
        "$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1 | grep . || tail -n 1 "$log")" "$SECONDS" >"$logs/$version.line"
    [ "$outcome" = ok ]
}

# The end of what each failed step of make check said, or of everything where there was no such step.
show_failure() {
    printf -- '--- %s\n' "$1"
    awk -v last=100 '
        function show(  i) { for (i = n > last ? n - last : 0; i < n; i++) print line[i]; n = 0 }
        /^    / { if (failed) line[n++] = $0; next }
        { show(); failed = / FAILED / }
        failed { print; any = 1 }
        END { show(); exit !any }' "$1" || tail -n 60 "$1" | sed 's/^/    /'
}

if [ $# = 1 ]; then         # called by itself, below
    one_version "$1"
    exit
fi

need_root
mkdir -p "$logs"
read -ra versions <<<"${VERSIONS:-17 18}"
pids=()
# shellcheck disable=SC2317
clean_up() {
    local version release
    [ ${#pids[@]} = 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    for version in "${versions[@]}"; do
        release=$(release_of "$version" || echo none)
        ! held_plain "$release" || end_all_in "$chroots/$release"
    done
    chown -R --reference="$top" "$top/build" 2>/dev/null || true
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "make check on PostgreSQL ${versions[*]}; see build/versions"
for version in "${versions[@]}"; do
    while [ "$(jobs -pr | wc -l)" -ge "${AT_ONCE:-2}" ]; do wait -n || true; done
    rm -f "$logs/$version.line"
    ADVISOR_RUN=$$ setpriv --pdeathsig KILL "$top/test/run/versions.sh" "$version" &
    pids+=($!)
done
wait
pids=()
failed=0
for version in "${versions[@]}"; do
    [ -f "$logs/$version.line" ] || say "$version: broke off" >"$logs/$version.line"
    if ! grep -q '^[^ ]* *[^ ]* *ok ' "$logs/$version.line"; then
        failed=1
        show_failure "$logs/$version.log"
    fi
done
for version in "${versions[@]}"; do cat "$logs/$version.line"; done
exit "$failed"
