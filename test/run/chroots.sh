# shellcheck shell=bash
# Debian chroots of the releases that have the other versions of PostgreSQL: made once, kept, nothing left running.
# Sourced after common.sh, by scripts that run as root.

chroots=${ADVISOR_CHROOTS:-/var/cache/pg_advisor-chroots}
# How long a step may take before it is killed (one of making the chroot, 15m); nobody sits beside it.
limit=${ADVISOR_LIMIT:-45m}

# Runs the script again as root where it is not.
need_root() {
    [ "$(id -u)" != 0 ] || return 0
    command -v sudo >/dev/null || die "chroots need root: run it as root or install sudo"
    local prompt=()
    [ -t 0 ] || prompt=(-n)
    # shellcheck disable=SC2154
    exec sudo "${prompt[@]}" \
        --preserve-env=VERSIONS,RELEASES,DEB_BUILD_OPTIONS,SUITES,ADVISOR_CHROOTS,ADVISOR_APART,ADVISOR_LIMIT,AT_ONCE,JOBS,TAP_TESTS \
        "$top/test/run/$(basename "$0")"
}

release_of() {
    case $1 in
        15) say bookworm ;;
        17) say trixie ;;
        18) say forky ;;
        *) return 1 ;;
    esac
}

# Where this machine gets its packages from.
mirror() {
    { cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed -n 's/^URIs:[[:space:]]*//p'
      cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | sed -nE 's/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p'
    } | grep -E '/debian(/[0-9]{8}T[0-9]{6}Z)?/*$' | head -n 1
}

# Mirrors have bad moments, above all while they are being updated.
again() {
    local try
    for try in 1 2 3; do
        "$@" && return 0
        [ "$try" = 3 ] || sleep $((try * 15))
    done
    return 1
}

# How a chroot is kept apart. "mounts": with mounts and processes of its own. "users": the same in a user namespace, for
# which root needs no privilege (CAP_SYS_ADMIN). "plain": a chroot and nothing else, as in containers; then there is no
# /proc in it, without which the sanitizers of the unit tests do not start, and tests that look at processes are skipped.
how=
holder=
find_how() {
    [ -z "$how" ] || return 0
    local place ways=${ADVISOR_APART:-mounts users plain}
    place=$(mktemp -d)
    mkdir -p "$place/proc" "$place/dev/shm"
    for how in $ways none; do
        case $how in
            mounts) apart "$place" true 2>/dev/null && break ;;
            users) make_user_namespace 2>/dev/null && apart "$place" true 2>/dev/null && break ;;
            plain) mknod "$place/null" c 1 3 2>/dev/null && : 2>/dev/null >"$place/null" && chroot / true && break ;;
        esac
    done
    rm -rf "$place"
    if [ "$how" = none ]; then
        how=
        echo "no chroot can be made here: root may neither mount (CAP_SYS_ADMIN, or a user namespace) nor make devices" \
            "(CAP_MKNOD, CAP_SYS_CHROOT)" >&2
        return 1
    fi
    [ "$how" != plain ] || echo "root may not mount here: no /proc inside, unit tests without sanitizers" >&2
}

# A user namespace in which all users are what they are outside. It lives as long as a process in it does.
make_user_namespace() {
    local outside tries=0
    outside=$(readlink /proc/self/ns/user)
    unshare --user setpriv --pdeathsig KILL sleep infinity </dev/null >/dev/null &
    holder=$!
    until [ "$(readlink /proc/$holder/ns/user || echo "$outside")" != "$outside" ]; do
        [ $((++tries)) -le 50 ] || return 1
        sleep 0.1
    done
    echo '0 0 65536' >/proc/$holder/uid_map && echo '0 0 65536' >/proc/$holder/gid_map
}

devices='null zero full random urandom tty'
# Where they cannot be mounted. A chroot that was made with mounts has empty files in their place.
make_devices() {
    local device
    for device in $devices; do
        [ ! -c "$1/dev/$device" ] || continue
        rm -f "$1/dev/$device"
        mknod -m 666 "$1/dev/$device" c "0x$(stat -c %t "/dev/$device")" "0x$(stat -c %T "/dev/$device")"
    done
}

# Runs a command with mounts and processes of its own, /proc and /dev of the chroot $1 among the former, for $limit at
# most. It does not outlive this script (unshare itself is deaf to SIGTERM).
# shellcheck disable=SC2016
apart() {
    local root=$1 rc=0
    shift
    local bound=(setpriv --pdeathsig KILL timeout -s KILL "$limit") enter=()
    [ "$how" != users ] || enter=(nsenter --user --target "$holder" --)
    if [ "$how" = plain ]; then
        chmod 1777 "$root/dev/shm"
        make_devices "$root"
        "${bound[@]}" setpriv --pdeathsig KILL "$@" </dev/null 9>&- || rc=$?
        end_all_in "$root"
    else
        "${bound[@]}" "${enter[@]}" setpriv --pdeathsig KILL \
            unshare --mount --pid --ipc --fork --kill-child --propagation private -- bash -euc '
                root=$1; shift
                mount -t proc proc "$root/proc"
                mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
                for device in '"$devices"'; do
                    [ -c "$root/dev/$device" ] || : >"$root/dev/$device"
                    mount --bind "/dev/$device" "$root/dev/$device"
                done
                exec "$@"' _ "$root" "$@" </dev/null 9>&- || rc=$?
    fi
    [ "$rc" != 137 ] || echo "killed, after $limit at the latest" >&2
    return "$rc"
}

# Ends what is left of a plain chroot: servers, mostly. Only who holds the chroot may. Without CAP_SYS_PTRACE root sees where
# a process is only as its user.
end_all_in() {
    local process at
    for process in /proc/[0-9]*; do
        at=$(readlink "$process/root" || setpriv --reuid="$(stat -c %u "$process")" --regid="$(stat -c %g "$process")" \
            --clear-groups readlink "$process/root") || continue
        [ "$at" != "$1" ] || kill -KILL "${process#/proc/}" || true
    done 2>/dev/null
}

# A command inside of the chroot. Nothing of it outlives the call.
inside() {
    local root=$1 name
    local environment=(HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
        PATH=/usr/lib/ccache:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
    shift
    for name in http_proxy https_proxy no_proxy; do
        [ -z "${!name:-}" ] || environment+=("$name=${!name}")
    done
    [ "$how" != plain ] || environment+=('UNIT_CXXFLAGS=-g -O0')
    apart "$root" chroot "$root" env -i "${environment[@]}" "$@"
}

# Holds the chroot of a release until the script ends: two at work in it would disturb each other. The file says which
# run it is, and how.
hold_chroot() {
    find_how || return 1
    mkdir -p "$chroots"
    exec 9>>"$chroots/$1.lock"
    flock -n 9 || { echo "another run is at work in $chroots/$1" >&2; return 1; }
    echo "${ADVISOR_RUN:-$$} $how" >"$chroots/$1.lock"
}
held_plain() { [ "$(cat "$chroots/$1.lock" 2>/dev/null)" = "$$ plain" ]; }

# The release $1 in the directory $2, with nothing but what every Debian has.
make_bare_chroot() {
    local release=$1 root=$2 from script
    if ! command -v debootstrap >/dev/null; then
        again apt-get -q update
        again env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install debootstrap </dev/null || return 1
    fi
    from=$(mirror)
    [ -n "$from" ] || { echo "no Debian mirror in this machine's package sources"; return 1; }
    script=/usr/share/debootstrap/scripts/$release
    [ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
    again unpack_release "$release" "$root" "$from" "$script" || return 1
    # No server of its own when packages are installed.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    mkdir -p "$root/etc/postgresql-common"
    echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.conf"
    # A mirror may be a snapshot: what it has is as old as it is.
    printf '%s\n' 'APT::Install-Recommends "false";' 'Acquire::Check-Valid-Until "false";' 'Acquire::Retries "5";' \
        'Acquire::http::Timeout "30";' >"$root/etc/apt/apt.conf.d/90check"
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
    again inside "$root" apt-get -q update
}

# debootstrap believes to be in lxc: there it does not insist on making devices, which are in their place already. What
# can be made again need not be synced.
unpack_release() {
    local root=$2
    rm -rf "$root"
    mkdir -p "$root/proc" "$root/dev/shm" "$root/etc/dpkg/dpkg.cfg.d"
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/check"
    apart "$root" env container=lxc debootstrap --variant=minbase "$@"
}

# The same, kept in the place of the release, with what building needs. Its bare state is kept beside it.
make_chroot() {
    local release=$1 root=$chroots/$1 limit=${ADVISOR_LIMIT:-15m}
    if [ -e "$root/.complete" ] && [ -e "$root.tar" ]; then return 0; fi
    make_bare_chroot "$release" "$root" || return 1
    tar -C "$root" -cf "$root.tar" . || return 1
    again inside "$root" apt-get -q -y install make ccache || return 1
    touch "$root/.complete"
}

# A chroot for one use, as bare as the release was: made in the directory $2.
fresh_chroot() {
    local release=$1 root=$2
    make_chroot "$release" || return 1
    rm -rf "$root"
    mkdir -p "$root"
    tar -C "$root" -xf "$chroots/$release.tar"
}

# The tree without what was built, as DIRECTORY of the chroot, owned by root.
copy_tree() {
    local root=$1 directory=$2
    rm -rf "${root:?}/$directory"
    mkdir -p "$root/$directory"
    # shellcheck disable=SC2154
    tar -C "$top" --exclude=./build --exclude=./.git --exclude='*.o' --exclude='*.d' --exclude='*.so' -cf - . |
        tar -C "$root/$directory" --no-same-owner -xf -
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
}
