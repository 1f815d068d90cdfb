#!/usr/bin/env bash
# Runs a command as an ordinary user where root asked for it, and as it is otherwise.
set -euo pipefail
. "$(dirname "$0")/common.sh"

if [ "$(id -u)" != 0 ]; then
    exec "$@"
fi
user=$(ordinary_user)
exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups \
    env HOME="$PWD" USER="$user" LOGNAME="$user" "$@"
