# shellcheck shell=bash
# What the scripts of check and demo share: where things are, who runs what, the throw-away server.
# Sourced, never executed.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jobs=${JOBS:-$(nproc 2>/dev/null || echo 1)}
# pg_regress and psql must not be led elsewhere by the environment.
unset PGHOST PGHOSTADDR PGPORT PGUSER PGDATABASE PGSERVICE PGOPTIONS PGPASSWORD PGDATA
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

say() { printf '%s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# One line per step: the name at once, the outcome when it is known.
step_begin() { step_started=$SECONDS; printf '%-12s ' "$1"; }
step_end() { printf '%-7s %s (%d s)\n' "$1" "$2" $((SECONDS - step_started)); }

# Which server: PG_CONFIG where it is of use, else the newest one that Debian's packages installed.
find_pg_config() {
    local candidate
    for candidate in "${PG_CONFIG:-pg_config}" $(ls -rv /usr/lib/postgresql/*/bin/pg_config 2>/dev/null); do
        if command -v "$candidate" >/dev/null && [ -f "$("$candidate" --pgxs 2>/dev/null)" ]; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

use_server() {
    PG_CONFIG=$(find_pg_config) || die "no pg_config with server headers found"
    export PG_CONFIG
    bindir=$("$PG_CONFIG" --bindir)
    # shellcheck disable=SC2034
    pgxs_dir=$(dirname "$(dirname "$("$PG_CONFIG" --pgxs)")")   # .../pgxs/src
    major=$("$PG_CONFIG" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
    [ -x "$bindir/initdb" ] || die "no initdb in $bindir"
    export PATH="$bindir:$PATH"
}

# The ordinary user that runs servers and test programs where root asked for them.
ordinary_user() {
    local name
    for name in "${ADVISOR_TEST_USER:-postgres}" nobody; do
        if id -u "$name" >/dev/null 2>&1; then
            printf '%s' "$name"
            return
        fi
    done
    die "no ordinary user to run the server as: set ADVISOR_TEST_USER"
}

# A directory of the ordinary user's own, with a short path: sockets go in there.
make_work_dir() {
    work=$(mktemp -d /tmp/pg_advisor.XXXXXX)
    chmod 755 "$work"
}

# Builds the targets, as the owner of the tree; in a copy where the tree cannot be written.
build() {
    local owner
    build_dir=$top
    if [ ! -w "$top" ]; then
        build_dir=$work/tree
        mkdir "$build_dir"
        tar -C "$top" --exclude=./.git --exclude=./build -cf - . | tar -C "$build_dir" -xf -
    fi
    owner=$(stat -c %u "$build_dir")
    local as_owner=()
    if [ "$(id -u)" = 0 ] && [ "$owner" != 0 ]; then
        as_owner=(setpriv --reuid="$owner" --regid="$(stat -c %g "$build_dir")" --clear-groups)
        "${as_owner[@]}" test -w "$build_dir" || as_owner=()
    fi
    "${as_owner[@]}" make -C "$build_dir" -s -k -j "$jobs" "$@" >"$work/build.log" 2>&1 </dev/null
}

# Lays the built extension under $work/stage, as in a package; the system gets nothing.
stage() {
    make -C "$build_dir" -s install DESTDIR="$work/stage" >>"$work/build.log" 2>&1 </dev/null || return 1
    {
        cat "$1"
        say "dynamic_library_path = '$work/stage$("$PG_CONFIG" --pkglibdir):\$libdir'"
        if [ "$major" -ge 18 ]; then
            say "extension_control_path = '$work/stage$("$PG_CONFIG" --sharedir):\$system'"
        else
            say "extension_destdir = '$work/stage'"      # a setting of Debian's packages
        fi
    } >"$work/server.conf"
}

# Hands $work to the ordinary user and runs a command as that user, from inside of $work.
run_as_ordinary_user() {
    if [ "$(id -u)" = 0 ]; then
        chown -R "$(ordinary_user):" "$work"
    fi
    (cd "$work" && "$top/test/run/drop-root.sh" "$@")
}

# The throw-away server of the ordinary user: no TCP, its socket and everything else in $1.
make_cluster() {
    initdb -D "$1/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$1/initdb.log" 2>&1 ||
        { cat "$1/initdb.log" >&2; return 1; }
    {
        cat "$1/server.conf"
        say "listen_addresses = ''"
        say "unix_socket_directories = '$1'"
    } >>"$1/data/postgresql.conf"
}

start_server() {
    pg_ctl -D "$1/data" -l "$1/server.log" -w -s -t 60 start >/dev/null ||
        { cat "$1/server.log" >&2; return 1; }
    export PGHOST=$1 PGPORT=5432 PGUSER=postgres
}

# For root too: the script that has the server may have been killed.
stop_server() {
    if [ -f "$1/data/postmaster.pid" ]; then
        "$top/test/run/drop-root.sh" pg_ctl -D "$1/data" -m "${2:-fast}" -s -w stop >/dev/null 2>&1 || true
    fi
}
