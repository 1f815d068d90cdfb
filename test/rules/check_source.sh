#!/usr/bin/env bash
# The rules of the source that a grep can see, and what the library exports: check_source.sh [LIBRARY]
# One line per rule, "ok" or "not ok"; the offending lines follow the latter.
set -euo pipefail
cd "$(dirname "$0")/../.."
library=${1:-pg_advisor.so}
bad=0

# rule NAME OFFENDERS
rule() {
    if [ -z "$2" ]; then
        printf 'ok %s\n' "$1"
    else
        printf 'not ok %s\n' "$1"
        printf '    %s\n' "${2//$'\n'/$'\n    '}"
        bad=1
    fi
}

all() { find src -name '*.cpp' -o -name '*.hpp' | sort; }
folders() { local d; for d in "$@"; do [ ! -d "src/$d" ] || find "src/$d" -name '*.cpp' -o -name '*.hpp'; done | sort; }

# code FILE...: file:line:text of everything outside comments and string literals.
code() {
    [ $# -gt 0 ] || return 0
    perl -e '
        for my $file (@ARGV) {
            open my $in, "<", $file or die "$file: $!";
            local $/;
            my $text = <$in>;
            # Comments go, literals lose their content, lines keep their numbers.
            $text =~ s{(/\*.*?\*/|//[^\n]*)|(R"(\w*)\(.*?\)\g3")|("(?:[^"\\\n]|\\.)*")|((?<![0-9a-fA-F])\x27(?:[^\x27\\\n]|\\.)+\x27)}
                      {my $comment = defined $1; my $lines = ($& =~ tr/\n//);
                       ($comment ? " " : "\"\"") . "\n" x $lines}gsex;
            my $number = 0;
            for my $line (split /\n/, $text) { $number++; print "$file:$number:$line\n" if $line =~ /\S/; }
        }' "$@"
}
offending() { grep -E ":[0-9]+:.*($1)" || true; }

# Here-strings: <(...) needs /dev/fd, which a chroot without /proc does not have.
mapfile -t files <<<"$(all)"
mapfile -t not_boundary <<<"$(all | grep -v '^src/boundary/')"
mapfile -t not_compat <<<"$(all | grep -v '^src/boundary/compat\.hpp$')"
mapfile -t pure <<<"$(folders base advise present rules)"

rule "PG_TRY and PG_CATCH only in src/boundary" \
    "$(code "${not_boundary[@]}" | offending '\b(PG_TRY|PG_CATCH|PG_FINALLY|sigsetjmp)\b')"

rule "PG_VERSION_NUM only in src/boundary/compat.hpp" \
    "$(code "${not_compat[@]}" | offending '\bPG_(VERSION_NUM|MAJORVERSION)\b')"

rule "base, advise, present and rules know nothing of the server" \
    "$([ ${#pure[@]} -eq 0 ] || grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"](postgres|boundary/|capture/|store/|workload/|whatif/|settings|access/|catalog/|commands/|executor/|fmgr|funcapi|lib/|mb/|miscadmin|nodes/|optimizer/|parser/|port/|rewrite/|storage/|tcop/|utils/)' "${pure[@]}" /dev/null || true)"

rule "server headers are included by src/boundary only" \
    "$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"](postgres\.h|access/|catalog/pg_|commands/|executor/|fmgr\.h|funcapi\.h|miscadmin\.h|nodes/|optimizer/|parser/|storage/|tcop/|utils/)' "${not_boundary[@]}" /dev/null || true)"

rule "no fmt::runtime" "$(code "${files[@]}" | offending 'fmt::runtime\b')"

rule "no using namespace std" "$(code "${files[@]}" | offending 'using[[:space:]]+namespace[[:space:]]+std[[:space:]]*;')"

rule "no threads" "$(code "${files[@]}" | offending 'std::(jthread|thread|async|mutex|condition_variable)\b')"

# At file or namespace level (no indentation, or the word static) a type that has a constructor.
constructed='(std::(pmr::)?(string|vector|map|set|unordered_map|unordered_set|list|deque|function|regex|shared_ptr|unique_ptr)|String|Vector|Map|Set|HashMap|HashSet)\b'
rule "no static object with a constructor" \
    "$(code "${files[@]}" | grep -vE 'constexpr|\bstatic_|\(' |
        grep -E ":[0-9]+:([[:space:]]*(static|thread_local|inline)[[:space:]]+)+(const[[:space:]]+)?$constructed.*[;={]|:[0-9]+:(const[[:space:]]+)?std::(pmr::)?(string|vector|map|set|unordered_map|unordered_set|list|deque|function|regex)\b[^()]*[;={]" || true)"

rule "no file of more than 500 lines" \
    "$(for file in "${files[@]}"; do
        lines=$(wc -l <"$file")
        [ "$lines" -le 500 ] || printf '%s: %d lines\n' "$file" "$lines"
    done)"

rule "every source file opens with a comment" \
    "$(for file in "${files[@]}"; do
        head -n 1 "$file" | grep -qE '^(/\*|//)' || printf '%s\n' "$file"
    done)"

documenter=$(dirname "$library")/build/rules_document
if [ -x "$documenter" ]; then
    rule "docs/rules.md is what make docs/rules.md makes of the rules" \
        "$("$documenter" | diff docs/rules.md - | head -n 20 || true)"
fi

rule "every rule has a test" \
    "$(for file in src/rules/*.sql; do
        [ -f "test/findings/$(basename "$file")" ] || printf '%s\n' "$file"
    done)"

# Old definitions must work with new libraries: a function that changes gets a new name, and the old one stays.
rule "C functions are called after the version that they came with" \
    "$(for script in sql/pg_advisor--*.sql; do
        version=$(sed -E 's/.*--([0-9]+)\.([0-9]+)[^-]*\.sql$/_\1_\2/' <<<"$script")
        sed -nE "s/.*'MODULE_PATHNAME'(, '(\w+)')?.*/\2/p" "$script" | while read -r function; do
            of=$(grep -oE '_[0-9]+_[0-9]+$' <<<"$function" || true)
            # nothing is of a later version than the script that names it
            [ -n "$of" ] && [ "$(printf '%s\n' "$of" "$version" | sort -V | tail -n 1)" = "$version" ] ||
                printf '%s: %s\n' "$script" "$function"
        done
    done)"

if [ -f "$library" ]; then
    # Of every pg_finfo_NAME the function NAME belongs to it; the server also calls the saver by name.
    exported=$(nm -D --defined-only "$library" | awk '{print $NF}' | sort -u)
    functions=$(sed -n 's/^pg_finfo_//p' <<<"$exported")
    rule "the library has every C function that a script names" \
        "$(sed -nE "s/.*'MODULE_PATHNAME', '(\w+)'.*/\1/p" sql/pg_advisor--*.sql | sort -u | grep -vxF -e "$functions" || true)"
    allowed=$(printf '%s\n' Pg_magic_func _PG_init pg_advisor_saver; printf '%s\n' "$functions"; grep '^pg_finfo_' <<<"$exported" || true)
    rule "the library exports its entry points only" "$(grep -vxF -e "$allowed" <<<"$exported" || true)"
else
    rule "the library has every C function that a script names" "$library is not built"
    rule "the library exports its entry points only" "$library is not built"
fi
exit "$bad"
