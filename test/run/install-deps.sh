#!/usr/bin/env bash
# Installs the Debian packages that are missing, and touches nothing where none is.
#   install-deps.sh demo     to build and run the extension
#   install-deps.sh check    and to test it
#   install-deps.sh bench    or to measure it; shared-writes, gdb for that test
set -euo pipefail
. "$(dirname "$0")/common.sh"

purpose=${1:-check}

installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
    else
        die "missing packages: ${missing[*]}; install them as root, or install sudo"
    fi
}

# The version that is here counts; else 15, or what the distribution has.
server_version() {
    local config version
    if config=$(find_pg_config); then
        "$config" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/'
        return
    fi
    for version in ${PG_MAJOR:-15 17 16 18}; do
        if apt-cache show "postgresql-server-dev-$version" >/dev/null 2>&1; then
            say "$version"
            return
        fi
    done
    say 15
}

if ! command -v dpkg-query >/dev/null; then
    for tool in "${CXX:-g++}" make pg_config perl prove; do
        command -v "$tool" >/dev/null || die "$tool is missing, and this is no Debian: install it by hand"
    done
    exit 0
fi

wanted() {
    local version
    version=$(server_version)
    say make
    say g++
    say libfmt-dev
    # A server that was built by hand brings its own.
    case "$(find_pg_config && true)" in
        ''|/usr/bin/*|/usr/lib/postgresql/*)
            say "postgresql-$version"
            say "postgresql-server-dev-$version"
            ;;
    esac
    if [ "$purpose" = bench ]; then
        say valgrind
        say procps
    fi
    if [ "$purpose" = shared-writes ]; then
        say gdb
    fi
    if [ "$purpose" = check ]; then
        say libgtest-dev
        say libipc-run-perl
        say perl
        say procps
        neighbours "$version"
    fi
}

# Extensions that are tested beside this one, where the distribution has them for this version. NEIGHBOURS: those that
# are not to be had without a hundred others; where they are there the test finds them.
neighbours() {
    local name
    for name in hypopg pg-qualstats pg-stat-kcache pg-wait-sampling cron pgaudit plpgsql-check pg-hint-plan \
        ${NEIGHBOURS:-}; do
        if apt-cache show "postgresql-$1-$name" >/dev/null 2>&1; then say "postgresql-$1-$name"; fi
    done
}

find_missing() {
    missing=()
    local package
    for package in $(wanted); do
        installed "$package" || missing+=("$package")
    done
}

find_missing
[ ${#missing[@]} -gt 0 ] || exit 0
say "installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
install_missing() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q update >"$log" 2>&1 || return 1
    find_missing    # which server version there is to install is known only now
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${missing[@]}" \
        >"$log" 2>&1 </dev/null
}
# Mirrors have bad moments, above all while they are being updated.
for pause in 15 30 0; do
    if install_missing; then exit 0; fi
    sleep "$pause"
done
cat "$log" >&2
die "cannot install ${missing[*]}"
