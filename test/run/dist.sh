#!/usr/bin/env bash
# make dist: pg_advisor-VERSION.zip of what is committed, as PGXN wants it, in build/.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$top"

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" pg_advisor.control)
grep -q "\"version\": \"$version\"" META.json || die "META.json has another version than pg_advisor.control: $version"
archive=build/pg_advisor-$version.zip
mkdir -p build
git archive --format zip --prefix "pg_advisor-$version/" --output "$archive" HEAD
say "$archive"
