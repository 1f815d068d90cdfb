#!/usr/bin/env bash
# The rules of the source: suite-rules.sh LIBRARY COUNTS_FILE
set -euo pipefail
rc=0
out=$("$(dirname "$0")/../rules/check_source.sh" "$1") || rc=$?
printf '%s\n' "$out"
echo "$(grep -c '^ok ' <<<"$out" || true)" "$(grep -c '^not ok ' <<<"$out" || true)" >"$2"
exit "$rc"
