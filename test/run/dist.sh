#!/usr/bin/env bash
# make dist: pg_advisor-VERSION.zip of what is committed, as PGXN wants it, in build/.
set -euo pipefail
. "$(dirname "$0")/common.sh"
cd "$top"

version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" pg_advisor.control)
grep -q "\"version\": \"$version\"" META.json || die "META.json has another version than pg_advisor.control: $version"
# What the PGXN meta spec 1.0.0 requires, and that what it names is there.
perl -MJSON::PP -0777 -e '
    my $meta = decode_json(<STDIN>);
    my @missing = grep { !defined $meta->{$_} } qw(abstract maintainer license provides name version meta-spec);
    push @missing, "meta-spec version 1.0.0" if $meta->{"meta-spec"}{version} ne "1.0.0";
    push @missing, "a semantic version" if $meta->{version} !~ /^\d+\.\d+\.\d+(-[a-z][0-9a-z-]*)?$/i;
    for my $extension (values %{ $meta->{provides} }) {
        push @missing, grep { !defined $extension->{$_} } qw(file version);
        push @missing, grep { defined && !-e } @$extension{qw(file docfile)};
    }
    die "META.json lacks: @missing\n" if @missing;' <META.json
archive=build/pg_advisor-$version.zip
mkdir -p build
git archive --format zip --prefix "pg_advisor-$version/" --output "$archive" HEAD
say "$archive"
