#!/usr/bin/env bash
# make check-versions: make check on other versions of PostgreSQL, each in a chroot of the Debian release that has it.
#   VERSIONS="15 17 18" make check-versions     some of them (default 17 18)
#   SUITES="rules regress" make check-versions  some of the suites, as with make check
#   ADVISOR_CHROOTS=directory                   where chroots are kept for the next time
# Needs root or sudo, and debootstrap, which it installs. One line per version; a chroot that cannot be made is a
# failure. What make check printed is in build/versions.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/chroots.sh"
cd "$top"

need_root
logs=$top/build/versions
mkdir -p "$logs"

check_version() {
    local version=$1 root=$2 rc=0
    copy_tree "$root" check
    inside "$root" env PG_MAJOR="$version" SUITES="${SUITES:-}" TAP_TESTS="${TAP_TESTS:-}" JOBS="$jobs" CI=true \
        make -C /check check </dev/null || rc=$?
    rm -rf "${logs:?}/$version"
    [ ! -d "$root/check/build/check" ] || cp -R "$root/check/build/check" "$logs/$version"
    rm -rf "$root/check"
    return "$rc"
}

failed=0
for version in ${VERSIONS:-17 18}; do
    release=$(release_of "$version")
    log=$logs/$version.log
    begin=$SECONDS
    printf '%-4s %-10s ' "$version" "$release"
    if ! make_chroot "$release" >"$log" 2>&1; then
        printf 'FAILED  cannot make the chroot, see %s (%d s)\n' "$log" $((SECONDS - begin))
        tail -n 5 "$log" | sed 's/^/    /'
        failed=1
        continue
    fi
    outcome=ok
    check_version "$version" "$chroots/$release" >"$log" 2>&1 || { outcome=FAILED; failed=1; }
    printf '%-7s %s (%d s)\n' "$outcome" "$(tail -n 30 "$log" | grep -E 'passed, [0-9]+ failed' | tail -n 1)" $((SECONDS - begin))
    [ "$outcome" = ok ] || grep -vE '^(packages|build|rules|unit|regress|isolation|tap) +ok' "$log" | tail -n 60 | sed 's/^/    /'
done
exit "$failed"
