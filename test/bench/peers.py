#!/usr/bin/env python3
"""Index advice of pg_advisor and of published algorithms, on one database, by one scorer: docs/advice-quality.md.

    peers.py texts STREAM DIRECTORY FRAMEWORK      one file for each query of a stream that dsqgen wrote (TPC-DS)
    peers.py measure DATABASE QUERIES [OPTION]...  asks the tools, scores what they answer

QUERIES is a directory of *.sql, one statement each (what follows the first one is left out). FRAMEWORK is a checkout
of hyrise/index_selection_evaluation, whose algorithms are called as they are; nothing is fetched. Its SQL connector is
used with one change: existing indexes (the primary keys) stay.

  --framework DIR    without it only pg_advisor is asked
  --tools A,B,...    advisor, extend2, extend3, db2advis2, db2advis3, dta2, dta3, relaxation2, relaxation3, cophy1,
                     cophy2, ... (the number is the greatest width of an index; cophy needs the solver cbc)
  --budgets A,B,...  in MB (10^6 bytes), or none
  --limit SECONDS    time_limit of pg_advisor (default: its own)
  --minutes N        an algorithm of the framework is given up after N minutes (30); dta is told to end after half
                     of them
  --remember         costs that an algorithm of the framework has asked for are known to it at its next budget: only
                     its first seconds are what it takes
  --sample           peak of private memory, and the costs that advisor.progress shows on the way, of pg_advisor
  --out FILE         everything as JSON as well, the sets of indexes included; appended to, one line for each answer
  --set NAME=VALUE   a setting for all sessions (repeatable)

Each set of indexes is scored twice: with hypothetical indexes of HypoPG (sizes as HypoPG believes them), and created,
its bytes counted and dropped. Costs are those of EXPLAIN, summed; no query is run. The connection is libpq's (PGHOST,
PGPORT, PGUSER), a superuser; only for databases that may be changed and that nobody else uses.
"""
import argparse
import glob
import json
import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

import psycopg2


# --- texts ----------------------------------------------------------------------------------------------------

# Left out by the framework's configuration for TPC-DS, as few queries would be most of the sum.
TPCDS_LEFT_OUT = {4, 6, 9, 10, 11, 32, 35, 41, 95}


def texts(stream, directory, framework):
    """The queries of the stream as the framework would ask them, by its own rewriting for PostgreSQL."""
    sys.path.insert(0, framework)
    from selection.dbms.postgres_dbms import PostgresDatabaseConnector
    from selection.query_generator import QueryGenerator
    connector = PostgresDatabaseConnector.__new__(PostgresDatabaseConnector)
    generator = QueryGenerator.__new__(QueryGenerator)
    os.makedirs(directory, exist_ok=True)
    start = re.compile(r'^-- start query \d+ in stream \d+ using template query(\d+)\.tpl\n', re.M)
    with open(stream) as file:
        parts = start.split(file.read())
    for number, text in zip(map(int, parts[1::2]), parts[2::2]):
        if number in TPCDS_LEFT_OUT:
            continue
        text = connector.update_query_text(generator._update_tpcds_query_text(text))
        first = next(part for part in text.split(';') if 'select' in part.lower())
        with open(os.path.join(directory, 'q%02d.sql' % number), 'w') as file:
            file.write(first.strip() + ';\n')


def read_queries(directory):
    queries = []
    for path in sorted(glob.glob(os.path.join(directory, '*.sql'))):
        with open(path) as file:
            first = next(part.strip() for part in file.read().split(';') if re.search(r'\bselect\b', part, re.I))
        queries.append((os.path.basename(path)[:-4], first))
    return queries


# --- scoring --------------------------------------------------------------------------------------------------

def connect(arguments):
    connection = psycopg2.connect(dbname=arguments.database)
    connection.autocommit = True
    cursor = connection.cursor()
    for setting in arguments.set:
        cursor.execute('SELECT set_config(%s, %s, false)', setting.split('=', 1))
    return cursor


def costs(cursor, queries):
    answer = []
    for _, text in queries:
        cursor.execute('EXPLAIN (FORMAT JSON) ' + text)
        answer.append(cursor.fetchone()[0][0]['Plan']['Total Cost'])
    return answer


class Scorer:
    """What sets of indexes are worth, in a session without the other tools' leftovers."""

    def __init__(self, arguments, queries):
        self.cursor = connect(arguments)
        self.cursor.execute("SET maintenance_work_mem = '1GB'")
        self.queries, self.known = queries, {}
        self.none = costs(self.cursor, queries)

    def score(self, indexes):
        key = tuple(sorted(indexes))
        if key not in self.known:
            self.known[key] = self.score_new(indexes)
        return self.known[key]

    def score_new(self, indexes):
        score = {}
        cursor = self.cursor
        cursor.execute('SELECT hypopg_reset()')
        for ddl in indexes:
            cursor.execute('SELECT indexrelid FROM hypopg_create_index(%s)', (ddl,))
        cursor.execute('SELECT coalesce(sum(hypopg_relation_size(indexrelid)), 0)::float8 FROM hypopg()')
        score['hypopg_mb'] = cursor.fetchone()[0] / 1e6
        score['hypopg_cost'] = sum(costs(cursor, self.queries))
        cursor.execute('SELECT hypopg_reset()')
        names = []
        started = time.time()
        try:
            for ddl in indexes:
                names.append('peers_%d' % len(names))
                cursor.execute(re.sub(r'^CREATE( UNIQUE)? INDEX( \S+)? ON ', r'CREATE\1 INDEX %s ON ' % names[-1], ddl))
            score['create_seconds'] = time.time() - started
            cursor.execute("SELECT coalesce(sum(pg_relation_size(oid)), 0)::float8 FROM pg_class "
                           "WHERE relname ~ '^peers_[0-9]+$'")
            score['mb'] = cursor.fetchone()[0] / 1e6
            after = costs(cursor, self.queries)
        finally:
            for name in names:
                cursor.execute('DROP INDEX IF EXISTS ' + name)
        score['cost'] = sum(after)
        score['percent'] = 100 * score['cost'] / sum(self.none)
        score['hypopg_percent'] = 100 * score['hypopg_cost'] / sum(self.none)
        changes = sorted(((new / old, name) for (name, _), old, new in zip(self.queries, self.none, after)),
                         reverse=True)
        score['dearer'] = ['%s %.3f' % (name, ratio) for ratio, name in changes if ratio > 1.02]
        score['worst'] = changes[0][0]
        score['per_query'] = {name: [old, new] for (name, _), old, new in zip(self.queries, self.none, after)}
        return score


# --- pg_advisor -----------------------------------------------------------------------------------------------

def cpu_of(pid):
    """CPU seconds of a process so far."""
    with open('/proc/%d/stat' % pid) as file:
        fields = file.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def pid_of(cursor):
    return cursor.connection.get_backend_pid()


class Sampler(threading.Thread):
    """Peak of a backend's private memory, and the best cost known at each time, from another session."""

    def __init__(self, arguments, pid):
        super().__init__(daemon=True)
        self.cursor, self.pid, self.stop = connect(arguments), pid, threading.Event()
        self.peak, self.cpu, self.trace = 0.0, 0.0, []

    def run(self):
        started = time.time()
        while not self.stop.wait(0.05):
            try:
                for line in open('/proc/%d/status' % self.pid):
                    if line.startswith('RssAnon:'):
                        self.peak = max(self.peak, int(line.split()[1]) / 1000)
                self.cpu = cpu_of(self.pid)
            except OSError:
                pass
            self.cursor.execute('SELECT phase, cost_before, cost_best, planner_calls, candidates '
                                'FROM advisor.progress WHERE pid = %s', (self.pid,))
            row = self.cursor.fetchone()
            if row and (not self.trace or self.trace[-1][2:5] != [row[0], row[1], row[2]]):
                self.trace.append([round(time.time() - started, 2), self.cpu] + list(row))


def ask_advisor(arguments, queries, budget):
    cursor = connect(arguments)
    sampler = None
    if arguments.sample:
        sampler = Sampler(arguments, pid_of(cursor))
        sampler.start()
    more, values = '', [[text for _, text in queries]]
    if budget is not None:
        more += ', storage_budget => %s'
        values.append(int(budget * 1e6))
    if arguments.limit is not None:
        more += ", time_limit => %s * interval '1 second'"
        values.append(arguments.limit)
    started = time.time()
    cursor.execute("SELECT action, replace(ddl, ' CONCURRENTLY', ''), index_bytes, cost_before, cost_after "
                   'FROM advisor.suggest_indexes(%s::text[]' + more + ') ORDER BY rank', values)
    rows = cursor.fetchall()
    answer = {'seconds': time.time() - started, 'cpu_seconds': cpu_of(pid_of(cursor)),
              'indexes': [row[1] for row in rows if row[0] == 'create'],
              'claimed_mb': sum(row[2] or 0 for row in rows) / 1e6, 'claimed_cost': rows[-1][4] if rows else None,
              'claimed_before': rows[0][3] if rows else None,
              'notices': [notice.strip() for notice in cursor.connection.notices]}
    if sampler:
        sampler.stop.set()
        sampler.join()
        answer.update(peak_mb=sampler.peak, trace=sampler.trace)
    cursor.connection.close()
    return answer


# --- the framework --------------------------------------------------------------------------------------------

def framework_workload(queries, cursor):
    """Columns that a query may be asked to index: those whose name is in its text, of tables whose name is."""
    from selection.workload import Column, Query, Table, Workload
    cursor.execute("SELECT relname, array_agg(attname::text ORDER BY attnum) "
                   "FROM pg_class c JOIN pg_attribute ON attrelid = c.oid WHERE relkind = 'r' "
                   "AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped "
                   "GROUP BY 1 ORDER BY 1")
    tables = []
    for name, columns in cursor.fetchall():
        tables.append(Table(name))
        tables[-1].add_columns([Column(column) for column in columns])
    found = []
    for number, (_, text) in enumerate(queries):
        words = set(re.findall(r'\w+', text.lower()))
        columns = [column for table in tables if table.name in words
                   for column in table.columns if column.name in words]
        found.append(Query(number, text, columns))
    return Workload(found)


class OutOfTime(Exception):
    pass


class Framework:
    """The algorithms of the framework, one after the other in this process."""

    def __init__(self, arguments, queries):
        import logging
        logging.disable(logging.CRITICAL)
        sys.path.insert(0, arguments.framework)
        sys.setrecursionlimit(100000)
        from selection import cost_evaluation
        from selection.dbms.postgres_dbms import PostgresDatabaseConnector

        class Connector(PostgresDatabaseConnector):
            def create_connection(self):
                self._cursor = connect(arguments)
                self._connection = self._cursor.connection

            def drop_indexes(self):
                pass

        self.arguments, self.connector_class = arguments, Connector
        self.tool, self.costs = None, {}
        self.workload = framework_workload(queries, connect(arguments))
        if arguments.remember:
            known = cost_evaluation.CostEvaluation.__init__

            def remembering(evaluation, *values, **named):
                known(evaluation, *values, **named)
                evaluation.cache = self.costs

            cost_evaluation.CostEvaluation.__init__ = remembering

    def ask(self, tool, budget):
        if tool != self.tool:
            self.tool, self.costs = tool, {}
        kind, width = re.match(r'(.*)(\d)$', tool).groups()
        parameters = {'max_index_width': int(width), 'budget_MB': 1e6 if budget is None else budget}
        connector = self.connector_class(self.arguments.database)

        def out_of_time(*_):
            raise OutOfTime('not done in %g minutes' % self.arguments.minutes)

        signal.signal(signal.SIGALRM, out_of_time)
        signal.alarm(int(60 * self.arguments.minutes))
        started, cpu = time.time(), sum(os.times()[:4])
        try:
            indexes = getattr(self, kind)(connector, parameters)
            return {'seconds': time.time() - started, 'indexes': indexes, 'explains': connector.cost_estimations,
                    'cpu_seconds': sum(os.times()[:4]) - cpu + cpu_of(pid_of(connector._cursor))}
        except OutOfTime as error:
            return {'error': str(error)}
        except (Exception, SystemExit) as error:
            return {'error': '%s: %s' % (type(error).__name__, error)}
        finally:
            signal.alarm(0)
            connector.close()

    def run(self, algorithm):
        chosen = algorithm.calculate_best_indexes(self.workload)
        return sorted('CREATE INDEX ON %s (%s)' % (index.table(), index.joined_column_names()) for index in chosen)

    def extend(self, connector, parameters):
        from selection.algorithms.extend_algorithm import ExtendAlgorithm
        return self.run(ExtendAlgorithm(connector, parameters))

    def db2advis(self, connector, parameters):
        from selection.algorithms.db2advis_algorithm import DB2AdvisAlgorithm
        random.seed(1)  # its exchanges, for ten seconds by default, are random
        return self.run(DB2AdvisAlgorithm(connector, parameters))

    def dta(self, connector, parameters):
        from selection.algorithms.anytime_algorithm import AnytimeAlgorithm
        return self.run(AnytimeAlgorithm(connector, {**parameters, 'max_runtime_minutes': self.arguments.minutes / 2}))

    def relaxation(self, connector, parameters):
        from selection.algorithms.relaxation_algorithm import RelaxationAlgorithm
        return self.run(RelaxationAlgorithm(connector, parameters))

    def cophy(self, connector, parameters):
        from selection.algorithms.cophy_input_generation import CoPhyInputGeneration
        with tempfile.TemporaryDirectory() as directory:
            self.run(CoPhyInputGeneration(connector, {
                'max_index_width': parameters['max_index_width'], 'max_indexes_per_query': 1, 'benchmark_name': 'peers',
                'output_folder': directory}))
            with open(glob.glob(directory + '/*.json')[0]) as file:
                data = json.load(file)
            return solve(data, parameters['budget_MB'], directory, self.workload)


def solve(data, budget, directory, workload):
    """The integer programme of CoPhy, by cbc: each query takes one of the indexes that are made, or none."""
    table_of = {column.name: str(column.table) for query in workload.queries for column in query.columns}
    costs_of = {}
    for row in data['query_costs']:
        costs_of.setdefault(row['query_number'], {})[row['combination_id']] = row['costs']
    index_of = {row['combination_id']: row['index_ids'] for row in data['index_combinations']}
    path = os.path.join(directory, 'cophy')
    with open(path + '.lp', 'w') as lp:
        lp.write('Minimize\n obj:\n')
        for query, row in costs_of.items():
            lp.writelines(' + %r z%s_%s\n' % (float(cost), query, combination) for combination, cost in row.items())
        lp.write('Subject To\n')
        for query, row in costs_of.items():
            lp.write(''.join(' + z%s_%s\n' % (query, combination) for combination in row) + ' = 1\n')
        for query, row in costs_of.items():
            lp.writelines(' z%s_%s - x%s <= 0\n' % (query, combination, index_of[combination])
                          for combination in row if combination)
        lp.write(''.join(' + %r x%s\n' % (row['estimated_size'] / 1e6, row['index_id']) for row in data['index_sizes'])
                 + ' <= %r\n' % float(budget))
        lp.write('Binary\n' + ''.join(' x%s\n' % row['index_id'] for row in data['index_sizes']) + 'End\n')
    subprocess.run(['cbc', path + '.lp', 'ratioGap', '0.0001', 'solve', 'solution', path + '.sol'], check=True,
                   stdout=subprocess.DEVNULL)
    made = {int(match[1]) for match in re.finditer(r'^\s*\d+\s+x(\d+)\s+(?:0\.9|1)', open(path + '.sol').read(), re.M)}
    return sorted('CREATE INDEX ON %s (%s)' % (table_of[row['column_names'][0]], ','.join(row['column_names']))
                  for row in data['index_sizes'] if row['index_id'] in made)


class Child:
    """Answers questions in a process of its own, so that what it leaves behind does no harm."""

    def __init__(self, arguments, queries):
        self.here, there = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=self.work, args=(there, arguments, queries), daemon=True)
        self.process.start()

    @staticmethod
    def work(pipe, arguments, queries):
        framework = None
        while True:
            tool, budget = pipe.recv()
            if tool == 'advisor':
                try:
                    pipe.send(ask_advisor(arguments, queries, budget))
                except psycopg2.Error as error:
                    pipe.send({'error': str(error).strip()})
                continue
            framework = framework or Framework(arguments, queries)
            pipe.send(framework.ask(tool, budget))

    def ask(self, tool, budget):
        self.here.send((tool, budget))
        return self.here.recv()


# --- main -----------------------------------------------------------------------------------------------------

def measure(arguments):
    queries = read_queries(arguments.queries)
    child = Child(arguments, queries)
    scorer = Scorer(arguments, queries)
    print('%d queries, cost without new indexes %.0f' % (len(queries), sum(scorer.none)))
    print('| tool | budget MB | seconds | CPU s | indexes | MB by HypoPG | MB on disk | % of none by HypoPG '
          '| % of none, created | dearer by over 2 % |\n|---|---|---|---|---|---|---|---|---|---|', flush=True)
    for tool in arguments.tools:
        for budget in arguments.budgets:
            answer = child.ask(tool, budget)
            answer.update(tool=tool, budget=budget, database=arguments.database, limit=arguments.limit)
            start = '| %s | %s | ' % (tool, 'none' if budget is None else '%g' % budget)
            if 'error' in answer:
                print(start + answer['error'] + ' |', flush=True)
            else:
                answer.update(scorer.score(answer['indexes']))
                print(start + '%.1f | %.1f | %d | %.0f | %.0f | %.1f | %.1f | %d |' % (
                    answer['seconds'], answer['cpu_seconds'], len(answer['indexes']), answer['hypopg_mb'], answer['mb'],
                    answer['hypopg_percent'], answer['percent'], len(answer['dearer'])) + claim(answer), flush=True)
            for notice in answer.get('notices', []):
                print('  ' + notice, file=sys.stderr, flush=True)
            if arguments.out:
                with open(arguments.out, 'a') as file:
                    file.write(json.dumps(answer) + '\n')


def claim(answer):
    """How far what pg_advisor says of its set is from what it is when created."""
    if not answer.get('claimed_cost'):
        return ''
    return ' claimed: cost %+.1f %%, MB %+.1f %%' % (100 * (answer['claimed_cost'] / answer['cost'] - 1),
                                                    100 * (answer['claimed_mb'] / answer['mb'] - 1))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    commands = parser.add_subparsers(dest='command', required=True)
    command = commands.add_parser('texts')
    command.add_argument('stream'), command.add_argument('directory'), command.add_argument('framework')
    command = commands.add_parser('measure')
    command.add_argument('database'), command.add_argument('queries')
    command.add_argument('--framework')
    command.add_argument('--tools', default='advisor', type=lambda text: text.split(','))
    command.add_argument('--budgets', default='none',
                         type=lambda text: [None if part == 'none' else float(part) for part in text.split(',')])
    command.add_argument('--limit', type=float)
    command.add_argument('--minutes', type=float, default=30)
    command.add_argument('--remember', action='store_true')
    command.add_argument('--sample', action='store_true')
    command.add_argument('--out')
    command.add_argument('--set', action='append', default=[])
    arguments = parser.parse_args()
    if arguments.command == 'texts':
        texts(arguments.stream, arguments.directory, arguments.framework)
    else:
        measure(arguments)


if __name__ == '__main__':
    main()
