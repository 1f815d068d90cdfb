#!/usr/bin/env bash
# make check-versions: make check on other versions of PostgreSQL, each in a chroot of the Debian release that has it.
#   VERSIONS="15 17 18" make check-versions     some of them (default 17 18)
#   SUITES="rules regress" make check-versions  some of the suites, as with make check
#   ADVISOR_CHROOTS=directory                   where chroots are kept for the next time
# Needs root or sudo, and debootstrap, which it installs. One line per version; a chroot that cannot be made is a
# failure. What make check printed is in build/versions.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$top"

if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "chroots need root: run it as root or install sudo"
    exec sudo --preserve-env=VERSIONS,SUITES,ADVISOR_CHROOTS,JOBS,TAP_TESTS "$0"
fi

chroots=${ADVISOR_CHROOTS:-/var/cache/pg_advisor-chroots}
logs=$top/build/versions
mkdir -p "$logs"

release_of() {
    case $1 in
        15) say bookworm ;;
        17) say trixie ;;
        18) say forky ;;
        *) die "no Debian release is known to have PostgreSQL $1" ;;
    esac
}

# Where this machine gets its packages from.
mirror() {
    { cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed -n 's/^URIs:[[:space:]]*//p'
      cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | sed -nE 's/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p'
    } | grep '/debian/*$' | head -n 1
}

# A command inside of the chroot, with mounts and processes of its own: nothing of it outlives the call.
inside() {
    local root=$1
    shift
    # shellcheck disable=SC2016
    unshare --mount --pid --ipc --fork --kill-child --propagation private -- bash -c '
        root=$1; shift
        mount -t proc proc "$root/proc"
        mkdir -p "$root/dev/shm" && mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
        exec chroot "$root" env -i HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"' _ "$root" "$@"
}

make_chroot() {
    local release=$1 root=$2 from script
    [ ! -e "$root/.complete" ] || return 0
    command -v debootstrap >/dev/null || { apt-get -q update && apt-get -q -y install debootstrap; } || return 1
    from=$(mirror)
    [ -n "$from" ] || { echo "no Debian mirror in this machine's package sources"; return 1; }
    script=/usr/share/debootstrap/scripts/$release
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
    rm -rf "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase "$release" "$root" "$from" "$script" || return 1
    # No server of its own when packages are installed.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    mkdir -p "$root/etc/postgresql-common"
    echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.conf"
    echo 'APT::Install-Recommends "false";' >"$root/etc/apt/apt.conf.d/90check"
    inside "$root" apt-get -q update || return 1
    inside "$root" apt-get -q -y install make || return 1
    touch "$root/.complete"
}

check_version() {
    local version=$1 root=$2 rc=0
    rm -rf "$root/check"
    mkdir -p "$root/check"
    tar --exclude=./build --exclude=./.git --exclude='*.o' --exclude='*.d' --exclude='*.so' -cf - . | tar -C "$root/check" -xf -
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
    inside "$root" env PG_MAJOR="$version" SUITES="${SUITES:-}" TAP_TESTS="${TAP_TESTS:-}" JOBS="$jobs" CI=true \
        make -C /check check </dev/null || rc=$?
    rm -rf "$logs/$version"
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
    if ! make_chroot "$release" "$chroots/$release" >"$log" 2>&1; then
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
