#!/usr/bin/env bash
# make check-package: builds the Debian packages from source in a chroot, then installs them in one that has nothing
# else, where the extension must be created and give advice.
#   RELEASES="bookworm trixie" make check-package    for these releases (default bookworm)
#   DEB_BUILD_OPTIONS=noopt                          other options of the build
#   ADVISOR_CHROOTS=directory                        where chroots are kept for the next time
# Needs root or sudo, and debootstrap, which it installs. The packages, and what their building printed, are in
# build/packages.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/chroots.sh"
cd "$top"

need_root
packages=$top/build/packages
mkdir -p "$packages"
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" pg_advisor.control)
source=pg-advisor-$version

# The source package, and the binary packages for the server that the release has.
build_packages() {
    local root=$1
    rm -rf "$root/package"
    copy_tree "$root" "package/$source"
    tar -C "$root/package" --exclude="$source/debian" -cJf "$root/package/pg-advisor_$version.orig.tar.xz" "$source"
    inside "$root" apt-get -q -y install dpkg-dev postgresql-common || return 1
    inside "$root" sh -euc "
        cd /package/$source
        apt-get -q -y build-dep ./
        pg_buildext updatecontrol
        DEB_BUILD_OPTIONS='parallel=$jobs ${DEB_BUILD_OPTIONS:-}' dpkg-buildpackage -us -uc"
}

# In a chroot of its own: the package brings all that it needs, and its tests pass.
try_packages() {
    local root=$1
    mkdir -p "$root/package"
    cp "$packages/$release"/*.deb debian/tests/create-extension "$root/package/"
    # shellcheck disable=SC2016
    inside "$root" sh -euc '
        apt-get -q -y install $(ls /package/*.deb | grep -v dbgsym)
        /package/create-extension
        apt-get -q -y purge "postgresql-*-pg-advisor"
        ! find /usr -name "*pg_advisor*" -o -name "*pg-advisor*" | grep .'
}

check_release() {
    local root=$chroots/$release
    hold_chroot "$release" || return 1
    make_chroot "$release" || { echo "cannot make the chroot"; return 1; }
    build_packages "$root" || { echo "cannot build the packages"; return 1; }
    rm -rf "${packages:?}/$release"
    mkdir -p "$packages/$release"
    find "$root/package" -maxdepth 1 -type f -exec cp {} "$packages/$release/" \;
    rm -rf "$root/package"
    fresh_chroot "$release" "$root-fresh" || { echo "cannot unpack the chroot"; return 1; }
    try_packages "$root-fresh"
}

failed=0
for release in ${RELEASES:-bookworm}; do
    log=$packages/$release.log
    step_begin "$release"
    if check_release >"$log" 2>&1 </dev/null; then
        step_end ok "$(cd "$packages/$release" && printf '%s\n' postgresql-*.deb | grep -v dbgsym | paste -sd ' ')"
    else
        step_end FAILED "see $log"
        tail -n 20 "$log" | sed 's/^/    /'
        failed=1
    fi
    rm -rf "$chroots/$release-fresh"
done
exit "$failed"
