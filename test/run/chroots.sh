# shellcheck shell=bash
# Debian chroots of the releases that have the other versions of PostgreSQL: made once, kept, nothing left running.
# Sourced after common.sh, by scripts that run as root.

chroots=${ADVISOR_CHROOTS:-/var/cache/pg_advisor-chroots}

# Runs the script again as root where it is not.
need_root() {
    [ "$(id -u)" != 0 ] || return 0
    command -v sudo >/dev/null || die "chroots need root: run it as root or install sudo"
    exec sudo --preserve-env=VERSIONS,RELEASES,DEB_BUILD_OPTIONS,SUITES,ADVISOR_CHROOTS,JOBS,TAP_TESTS "$0"
}

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

# Runs a command with mounts and processes of its own, /proc and /dev/shm of the chroot $1 among the former. It does not
# outlive this script (unshare itself is deaf to SIGTERM).
# shellcheck disable=SC2016
apart() {
    setpriv --pdeathsig KILL unshare --mount --pid --ipc --fork --kill-child --propagation private -- bash -c '
        root=$1; shift
        mount -t proc proc "$root/proc" && mount -t tmpfs -o mode=1777 shm "$root/dev/shm" && exec "$@"' _ "$@"
}

# A command inside of the chroot. Nothing of it outlives the call where this machine lets root make mounts. Some
# containers do not: then there is no /proc inside, without which the sanitizers of the unit tests do not start.
inside() {
    local root=$1
    local environment=(HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
        PATH=/usr/lib/ccache:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
    shift
    mkdir -p "$root/dev/shm"
    if apart "$root" true 2>/dev/null; then
        apart "$root" chroot "$root" env -i "${environment[@]}" "$@"
    else
        chmod 1777 "$root/dev/shm"
        chroot "$root" env -i "${environment[@]}" UNIT_CXXFLAGS='-g -O0' "$@"
    fi
}

# The release $1 in the directory $2, with nothing but what every Debian has.
make_bare_chroot() {
    local release=$1 root=$2 from script
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
    # A mirror may be a snapshot: what it has is as old as it is.
    printf '%s\n' 'APT::Install-Recommends "false";' 'Acquire::Check-Valid-Until "false";' \
        >"$root/etc/apt/apt.conf.d/90check"
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
    inside "$root" apt-get -q update
}

# The same, kept in the place of the release, with what building needs. Its bare state is kept beside it.
make_chroot() {
    local release=$1 root=$chroots/$1
    if [ -e "$root/.complete" ] && [ -e "$root.tar" ]; then return 0; fi
    make_bare_chroot "$release" "$root" || return 1
    tar -C "$root" -cf "$root.tar" . || return 1
    inside "$root" apt-get -q -y install make ccache || return 1
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

# The tree without what was built, as DIRECTORY of the chroot.
copy_tree() {
    local root=$1 directory=$2
    rm -rf "${root:?}/$directory"
    mkdir -p "$root/$directory"
    # shellcheck disable=SC2154
    tar -C "$top" --exclude=./build --exclude=./.git --exclude='*.o' --exclude='*.d' --exclude='*.so' -cf - . |
        tar -C "$root/$directory" -xf -
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
}
