# shellcheck shell=bash
# Debian chroots of the releases that have the other versions of PostgreSQL: made once, kept, nothing left running.
# Sourced after common.sh, by scripts that run as root.

chroots=${ADVISOR_CHROOTS:-/var/cache/pg_advisor-chroots}

# Runs the script again as root where it is not.
need_root() {
    [ "$(id -u)" != 0 ] || return 0
    command -v sudo >/dev/null || die "chroots need root: run it as root or install sudo"
    exec sudo --preserve-env=VERSIONS,SUITES,ADVISOR_CHROOTS,JOBS,TAP_TESTS "$0"
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

# The tree without what was built, as DIRECTORY of the chroot.
copy_tree() {
    local root=$1 directory=$2
    rm -rf "${root:?}/$directory"
    mkdir -p "$root/$directory"
    tar -C "$top" --exclude=./build --exclude=./.git --exclude='*.o' --exclude='*.d' --exclude='*.so' -cf - . |
        tar -C "$root/$directory" -xf -
    cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
}
