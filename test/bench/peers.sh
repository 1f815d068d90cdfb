#!/usr/bin/env bash
# Our advice next to that of published algorithms, from one run: the tables of docs/advice-quality.md, "Next to others".
#
#   test/bench/peers.sh load-tpch DATABASE KIT DATA     KIT: gregrahn/tpch-kit; DATA: what its dbgen wrote
#   test/bench/peers.sh load-tpcds DATABASE KIT DATA    KIT: gregrahn/tpcds-kit; DATA: what its dsdgen wrote
#   test/bench/peers.sh load-job DATABASE KIT           KIT: gregrahn/join-order-benchmark; the data are made up
#   test/bench/peers.sh DATABASE QUERIES FRAMEWORK [BUDGET_MB|none]...
#
# QUERIES: a directory of *.sql ("peers.py texts" makes those of TPC-DS). FRAMEWORK: a checkout of
# hyrise/index_selection_evaluation, or - for our advice alone. Nothing is fetched. TOOLS and OPTIONS of the environment
# go to peers.py, which tells what they may be. Connection by the usual PG* variables, a superuser; only for databases
# that may be changed.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
sql() { psql -Xq -v ON_ERROR_STOP=1 "$@"; }

# The kits write a separator after the last column as well.
fill() {
    local file table
    for file in "$data"/*."$1"; do
        table=$(basename "$file" ".$1")
        sed 's/|$//' "$file" |
            sql -d "$database" -c "COPY $table FROM STDIN (DELIMITER '|', NULL '', ENCODING 'latin1')"
    done
}
finish() {
    sql -d "$database" -c 'SELECT setseed(0.17)' -c 'VACUUM ANALYZE' -c 'CREATE EXTENSION hypopg' \
        -c 'CREATE EXTENSION pg_advisor' >/dev/null
}

case ${1:?} in
load-*)
    database=${2:?database} kit=${3:?directory of the kit} data=${4-}
    sql -d postgres -c "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
    ;;&
load-tpch)
    sql -d "$database" -f "$kit/dbgen/dss.ddl"
    fill tbl
    for key in region:r_regionkey nation:n_nationkey part:p_partkey supplier:s_suppkey partsupp:ps_partkey,ps_suppkey \
        customer:c_custkey orders:o_orderkey lineitem:l_orderkey,l_linenumber; do
        sql -d "$database" -c "ALTER TABLE ${key%%:*} ADD PRIMARY KEY (${key#*:})"
    done
    finish
    ;;
load-tpcds)
    sql -d "$database" -f "$kit/tools/tpcds.sql"
    fill dat
    finish
    ;;
load-job)
    python3 "$here/job_data.py" "$kit" | sql -d "$database" >/dev/null
    finish
    ;;
*)
    database=$1 queries=${2:?directory of queries} framework=${3:?checkout of the framework, or -}
    shift 3
    if [ "$framework" = - ]; then
        tools=advisor framework=
    else
        tools=advisor,extend2,extend3,db2advis2,db2advis3,dta2
    fi
    budgets=$(IFS=,; echo "${*:-none}")
    # shellcheck disable=SC2086
    exec "${PYTHON:-python3}" "$here/peers.py" measure "$database" "$queries" --budgets "$budgets" \
        --tools "${TOOLS:-$tools}" ${framework:+--framework "$framework"} ${OPTIONS-}
    ;;
esac
