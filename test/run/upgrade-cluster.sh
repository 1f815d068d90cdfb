#!/bin/sh
# upgrade-cluster.sh OLD NEW: makes a cluster of version OLD with the extension in it, upgrades it to NEW with pg_upgrade,
# and looks at what is left. As root, on a Debian that has the packages of both.
set -eu
old=$1
new=$2

ask() { su postgres -c "psql -XAtq -v ON_ERROR_STOP=1 -p $1 -d postgres" <<SQL
$2;
SQL
}
# expect PORT NAME QUERY ANSWER
expect() {
    found=$(ask "$1" "$3")
    if [ "$found" != "$4" ]; then
        echo "not ok $2: not '$4' but '$found'"
        exit 1
    fi
    echo "ok $2"
}
ignored='SELECT string_agg(concat_ws(chr(32), rule, object, reason), chr(44)) FROM advisor.ignored'
thresholds='SELECT string_agg(concat_ws(chr(32), rule, name, value), chr(44)) FROM advisor.thresholds'

pg_createcluster -p 5440 "$old" main -- -A trust --no-sync
pg_createcluster -p 5441 "$new" main -- -A trust --no-sync
for version in "$old" "$new"; do
    pg_conftool "$version" main set shared_preload_libraries pg_advisor
done

pg_ctlcluster "$old" main start
ask 5440 "CREATE EXTENSION pg_advisor"
ask 5440 "CREATE TABLE parcel (id int, town text)"
ask 5440 "INSERT INTO parcel SELECT g, 'town ' || g FROM generate_series(1, 20000) g"
ask 5440 "SELECT advisor.ignore('table-no-primary-key', 'public.parcel', 'a log')"
ask 5440 "SELECT advisor.set_threshold('wide-table', 'notice_above', 77)"
ask 5440 "CREATE VIEW seen AS SELECT queryid, calls FROM advisor.statements"
ask 5440 "SELECT count(*) FROM parcel"
expect 5440 "the old server has recorded" "SELECT count(*) FROM advisor.statements WHERE query = 'SELECT count(*) FROM parcel'" 1
kept_ignored=$(ask 5440 "$ignored")
kept_thresholds=$(ask 5440 "$thresholds")
pg_ctlcluster "$old" main stop

cd /tmp
su postgres -c "/usr/lib/postgresql/$new/bin/pg_upgrade \
    -b /usr/lib/postgresql/$old/bin -B /usr/lib/postgresql/$new/bin \
    -d /var/lib/postgresql/$old/main -D /var/lib/postgresql/$new/main \
    -o '-c config_file=/etc/postgresql/$old/main/postgresql.conf' \
    -O '-c config_file=/etc/postgresql/$new/main/postgresql.conf'"
echo "ok pg_upgrade"

# pg_upgrade leaves the statistics file behind. Somebody may copy it all the same.
file=/var/lib/postgresql/$new/main/pg_stat/pg_advisor.stat
[ ! -e "$file" ]
cp -p "/var/lib/postgresql/$old/main/pg_stat/pg_advisor.stat" "$file"
pg_ctlcluster "$new" main start
grep -E 'statistics file .* is not used, because it was written by another version of PostgreSQL' \
    "/var/log/postgresql/postgresql-$new-main.log"
[ -e "$file.bad" ]
echo "ok the statistics file of the old server is refused"
expect 5441 "ignored findings are kept" "$ignored" "$kept_ignored"
expect 5441 "thresholds are kept" "$thresholds" "$kept_thresholds"
expect 5441 "nothing recorded is taken over" "SELECT count(*) FROM advisor.statements WHERE query = 'SELECT count(*) FROM parcel'" 0
expect 5441 "a view on the statements still works" "SELECT count(*) >= 0 FROM seen" t
ask 5441 "ANALYZE parcel"
expect 5441 "the table is not reported" "SELECT count(*) FROM advisor.findings WHERE rule = 'table-no-primary-key'" 0
expect 5441 "and is once it is not ignored" "DELETE FROM advisor.ignored; SELECT count(*) FROM advisor.findings WHERE rule = 'table-no-primary-key'" 1
pg_ctlcluster "$new" main stop
