#!/usr/bin/env bash
# make check-clang: library and unit tests with the other compiler, in a copy of the tree; warnings are errors, and the
# unit tests must pass.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$top"

command -v clang++ >/dev/null || die "clang++ is missing: install the package clang"
use_server
make_work_dir
trap 'rm -rf "$work"' EXIT
mkdir "$work/tree"
tar -C "$top" --exclude=./.git --exclude=./build --exclude='*.o' --exclude='*.d' --exclude='*.so' -cf - . |
    tar -C "$work/tree" -xf -
step_begin clang
# The server's flags are those of the compiler that it was built with. libfmt is, too: g++ and clang mangle one of its
# names differently.
build() { make -C "$work/tree" -s -k -j "$jobs" WERROR=1 CXX="clang++ -Wno-unknown-warning-option $1" "$2"; }
if { build '' all && build -DFMT_HEADER_ONLY build/unit_tests; } >"$work/build.log" 2>&1 &&
    "$work/tree/build/unit_tests" --gtest_brief=1 >>"$work/build.log" 2>&1; then
    step_end ok "$(clang++ --version | head -n 1)"
else
    step_end FAILED "$(clang++ --version | head -n 1)"
    tail -n 60 "$work/build.log"
    exit 1
fi
