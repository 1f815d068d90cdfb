#!/usr/bin/env bash
# make check-upgrade: a cluster of PostgreSQL 15 with the extension, upgraded to 17 by pg_upgrade, both from packages.
# In a chroot of trixie, into which apt brings 15 and what it needs from bookworm. Builds the packages where make
# check-package has not.
#   ADVISOR_CHROOTS=directory    where chroots are kept for the next time
# Needs root or sudo.
set -euo pipefail
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/chroots.sh"
cd "$top"

need_root
packages=$top/build/packages
for release in bookworm trixie; do
    compgen -G "$packages/$release/postgresql-*.deb" >/dev/null || RELEASES=$release "$top/test/run/package.sh"
done

root=$chroots/upgrade
trap 'rm -rf "$root"' EXIT
upgrade() {
    hold_chroot trixie && fresh_chroot trixie "$root" || return 1
    mkdir "$root/package"
    cp "$packages"/bookworm/postgresql-15-*.deb "$packages"/trixie/postgresql-17-*.deb test/run/upgrade-cluster.sh \
        "$root/package/"
    echo "deb $(mirror) bookworm main" >"$root/etc/apt/sources.list.d/bookworm.list"
    # shellcheck disable=SC2016
    inside "$root" sh -euc '
        apt-get -q update
        apt-get -q -y install $(ls /package/*.deb | grep -v dbgsym)
        /package/upgrade-cluster.sh 15 17'
}

log=$packages/upgrade.log
step_begin upgrade
if upgrade >"$log" 2>&1 </dev/null; then
    step_end ok "$(grep -c '^ok ' "$log") checks"
else
    step_end FAILED "see $log"
    tail -n 20 "$log" | sed 's/^/    /'
    exit 1
fi
