#!/usr/bin/env bash
# What the index advice is worth on a database that is there: the tables of docs/advice-quality.md.
#
#   test/bench/advice.sh DATABASE QUERY_DIRECTORY [BUDGET_MB|none]...
#
# For each budget: asks for advice on the texts in QUERY_DIRECTORY/*.sql, creates the indexes for real, takes the
# planner's cost of every query (EXPLAIN, nothing is executed) and the bytes on disk, and drops them again. Connection
# by the usual PG* variables; the extension must be created in the database. Only for databases that may be changed.
set -euo pipefail
export PGDATABASE=${1:?database} LC_ALL=C
queries=${2:?directory of queries}
shift 2
work=$(mktemp -d)
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
mine() { sql -c "SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                 WHERE c.oid >= $first_oid AND relkind IN ('i', 'I') AND nspname !~ '^pg_'"; }
first_oid=$(sql -c "CREATE TABLE advice_mark (); SELECT 'advice_mark'::regclass::oid; DROP TABLE advice_mark")
drop() { mine | sed 's/.*/DROP INDEX &;/' | sql; }
trap 'drop; rm -rf "$work"' EXIT

# Cost of all queries as they are planned now.
cost() {
    for file in "$queries"/*.sql; do
        { echo 'EXPLAIN '; cat "$file"; } | sql | sed -n '1s/.*\.\.\([0-9.]*\) rows.*/\1/p'
    done | awk '{ sum += $1 } END { printf "%.0f", sum }'
}

# suggest_indexes over all texts, dollar-quoted.
question() {
    local separator='' file
    printf 'SELECT round(cost_after), replace(ddl, $$ CONCURRENTLY$$, $$$$) FROM advisor.suggest_indexes(ARRAY['
    for file in "$queries"/*.sql; do
        printf '%s$query$%s$query$' "$separator" "$(sed 's/;[[:space:]]*$//' "$file")"
        separator=,
    done
    printf ']%s)' "$1"
}

none=$(cost)
echo "without new indexes: cost $none"
echo '| budget MB | seconds | indexes | MB on disk | cost claimed | cost when created | % of none |'
for budget in "${@:-none}"; do
    argument=''
    [ "$budget" = none ] || argument=", storage_budget => ${budget}000000"
    question "$argument" >"$work/question.sql"
    begin=$(date +%s.%N)
    sql -F $'\t' -f "$work/question.sql" >"$work/advice" 2>"$work/notices"
    end=$(date +%s.%N)
    cut -f2 "$work/advice" | sed 's/$/;/' >"$work/ddl.sql"
    sql -f "$work/ddl.sql"
    claimed=$(tail -1 "$work/advice" | cut -f1)
    real=$(cost)
    bytes=$(mine | sed "s/.*/SELECT pg_relation_size('&');/" | sql | awk '{ sum += $1 } END { print sum / 1e6 }')
    awk -v b="$budget" -v s="$begin" -v e="$end" -v n="$(wc -l <"$work/advice")" -v m="$bytes" -v c="${claimed:-$none}" \
        -v r="$real" -v o="$none" \
        'BEGIN { printf "| %s | %.1f | %d | %.0f | %.0f | %.0f | %.1f |\n", b, e - s, n, m, c, r, 100 * r / o }'
    drop
done
