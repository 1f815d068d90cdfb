#!/usr/bin/env python3
"""What sets of indexes do to the time of queries, not to their estimated cost: docs/advice-quality.md, "real time".

    real_time.py DATABASE QUERIES [OPTION]...

QUERIES is a directory of *.sql as for peers.py. The queries run once, serially, and are recorded; pg_advisor is asked
about what it recorded. Each set is then created in a copy of the database, and each query runs in the original and in the
copy in turn: without, with, with, without. The least CPU time of the backend (user and system) counts. A "=" after a
query says that its plan is the same with the set: what differs then is noise.

  --budgets A,B,...  in MB (10^6 bytes), or none (the default): one set of pg_advisor each
  --sets FILE        sets of others to measure as well: lines that "peers.py measure --out FILE" wrote
  --rounds N         how often each query runs with and without (2)
  --only A,B,...     only these queries are timed
  --out FILE         each query's times as JSON, appended to, one line for each set

The connection is libpq's, a superuser on the server's own machine; the database must be idle, and what
pg_advisor has recorded of it is lost. DATABASE_real is made and dropped.
"""
import argparse
import json

import peers

SERIAL = ['max_parallel_workers_per_gather=0', 'jit=off']


def connect(database):
    return peers.connect(argparse.Namespace(database=database, set=SERIAL))


def run(cursor, text):
    """CPU seconds of one run."""
    before = peers.cpu_of(peers.pid_of(cursor))
    cursor.execute(text)
    cursor.fetchall()
    return peers.cpu_of(peers.pid_of(cursor)) - before


def record(database, queries):
    cursor = connect(database)
    cursor.execute('SELECT advisor.reset()')
    for _, text in queries:
        run(cursor, text)
    cursor.connection.close()


def ask(database, budget):
    cursor = connect(database)
    cursor.execute("SELECT replace(ddl, ' CONCURRENTLY', '') FROM advisor.suggest_indexes(storage_budget => %s) "
                   "WHERE action = 'create' ORDER BY rank", (None if budget is None else int(budget * 1e6),))
    indexes = [row[0] for row in cursor.fetchall()]
    cursor.connection.close()
    return indexes


def sets_of(path, database):
    with open(path) as file:
        for line in file:
            answer = json.loads(line)
            if 'indexes' in answer and answer['database'] == database and answer['tool'] != 'advisor':
                yield '%s, %s MB' % (answer['tool'], answer['budget'] or 'any'), answer['indexes']


def time_set(database, queries, indexes, rounds):
    """Of each query: name, seconds without, seconds with, whether the plan is the same; and the bytes of the indexes."""
    copy = database + '_real'
    server = connect('postgres')
    server.execute('DROP DATABASE IF EXISTS ' + copy)
    server.execute('CREATE DATABASE %s TEMPLATE %s' % (copy, database))
    try:
        there = connect(copy)
        before = size_of(there)
        for ddl in indexes:
            there.execute(ddl)
        size = size_of(there) - before
        there.execute('CHECKPOINT')
        here, times = connect(database), []
        for name, text in queries:
            without, having = [], []
            for number in range(2 * rounds):
                cursor, into = ((here, without), (there, having))[number % 4 in (1, 2)]
                into.append(run(cursor, text))
            times.append([name, min(without), min(having), plan_of(here, text) == plan_of(there, text)])
        here.connection.close()
        there.connection.close()
        return times, size
    finally:
        server.execute('DROP DATABASE %s WITH (FORCE)' % copy)


def plan_of(cursor, text):
    cursor.execute('EXPLAIN (COSTS OFF) ' + text)
    return cursor.fetchall()


def size_of(cursor):
    cursor.execute("SELECT sum(pg_relation_size(oid))::float8 FROM pg_class WHERE relkind = 'i'")
    return cursor.fetchone()[0]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('database'), parser.add_argument('queries')
    parser.add_argument('--budgets', default='none',
                        type=lambda text: [None if part == 'none' else float(part) for part in text.split(',')])
    parser.add_argument('--sets')
    parser.add_argument('--rounds', type=int, default=2)
    parser.add_argument('--only', default='')
    parser.add_argument('--out')
    arguments = parser.parse_args()
    queries = peers.read_queries(arguments.queries)
    record(arguments.database, queries)
    sets = [('pg_advisor, ' + ('no budget' if budget is None else '%g MB' % budget), ask(arguments.database, budget))
            for budget in arguments.budgets]
    if arguments.sets:
        sets.extend(sets_of(arguments.sets, arguments.database))
    if arguments.only:
        queries = [query for query in queries if query[0] in arguments.only.split(',')]
    print('| set | MB on disk | CPU s without | with | | worst queries |\n|---|---|---|---|---|---|', flush=True)
    for name, indexes in sets:
        times, size = time_set(arguments.database, queries, indexes, arguments.rounds)
        without, having = (sum(row[column] for row in times) for column in (1, 2))
        worst = sorted(times, key=lambda row: row[2] / max(row[1], 0.01), reverse=True)[:3]
        print('| %s | %.0f | %.2f | %.2f | %.3f | %s |' % (
            name, size / 1e6, without, having, having / without,
            ', '.join('%s %.2f%s' % (row[0], row[2] / max(row[1], 0.01), ' =' * row[3]) for row in worst)), flush=True)
        if arguments.out:
            with open(arguments.out, 'a') as file:
                file.write(json.dumps({'set': name, 'indexes': indexes, 'mb': size / 1e6, 'times': times}) + '\n')


if __name__ == '__main__':
    main()
