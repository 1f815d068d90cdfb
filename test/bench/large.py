#!/usr/bin/env python3
"""Large synthetic workloads for the index advice: docs/advice-quality.md, "Large workloads".

    test/bench/large.py oltp  schema            SQL that makes and fills 40 tables with primary keys only
    test/bench/large.py oltp  queries N         SQL that fills bench_query with N different statements of 1-3 tables
    test/bench/large.py oltp  calls N TOTAL     the same statements as SQL to be run, TOTAL calls, by Zipf's law
    test/bench/large.py joins schema            21 tables around one, with skewed keys
    test/bench/large.py joins queries N         N queries of 5 to 17 tables

Deterministic: the same arguments print the same text. test/bench/large.sh loads and measures.
"""
import hashlib
import random
import sys

TABLES = 40


def zipf(rng, items, skew=1.0):
    """One of the items, the first ones more often."""
    return rng.choices(items, [1 / (i + 1) ** skew for i in range(len(items))])[0]


def digest(number, length):
    return hashlib.md5(str(number).encode()).hexdigest()[:length]


# --- oltp: tables of an application ---------------------------------------------------------------------------

COLUMNS = {  # name: (type, SQL of a value for row g of n, SQL literal of a random value)
    'a': ('int', '(random() * 50)::int', lambda r, n: str(r.randrange(50))),
    'b': ('int', '(random() ^ 2 * n / 20)::int', lambda r, n: str(r.randrange(max(1, n // 20)))),
    'c': ('int', '(random() * n / 5)::int', lambda r, n: str(r.randrange(max(1, n // 5)))),
    'state': ('text', "(ARRAY['new','open','paid','sent','done'])[1 + (random() ^ 3 * 5)::int % 5]",
              lambda r, n: "'" + r.choice(['new', 'open', 'paid', 'sent', 'done']) + "'"),
    'code': ('text', "substr(md5((g % (n / 3 + 1))::text), 1, 10)", lambda r, n: f"'{digest(r.randrange(n // 3), 10)}'"),
    'made': ('timestamp', "timestamp '2024-01-01' + g * interval '1 minute'",
             lambda r, n: "timestamp '2024-01-01' + interval '%d minutes'" % r.randrange(n)),
    'due': ('date', "date '2024-01-01' + (random() * 700)::int",
            lambda r, n: "date '2024-01-01' + %d" % r.randrange(700)),
    'amount': ('numeric', '(random() * 10000)::numeric(10,2)', lambda r, n: str(r.randrange(10000))),
    'note': ('text', "repeat('x', 20 + g % 60)", None),
}


def rows_of(table):
    return [150000, 100000, 60000, 40000, 30000, 20000, 10000, 5000][table % 8]


def parents_of(table):
    return [] if table < 4 else sorted({table // 2, table % 4})


def compared_columns(table):
    """Each table has its own that are asked for most."""
    columns = list(COLUMNS)[:-1] + [f't{parent:02}_id' for parent in parents_of(table)]
    random.Random(table).shuffle(columns)
    return columns


def oltp_schema():
    print('SELECT setseed(0.5);')
    for table in range(TABLES):
        rows = rows_of(table)
        parts = [f'{name} {kind}' for name, (kind, _, _) in COLUMNS.items()]
        values = [f'{value} AS {name}' for name, (_, value, _) in COLUMNS.items()]
        for parent in parents_of(table):
            parts.append(f't{parent:02}_id int')
            values.append(f'1 + (random() * {rows_of(parent) - 1})::int AS t{parent:02}_id')
        print(f'CREATE TABLE t{table:02} (id int PRIMARY KEY, {", ".join(parts)});')
        print(f'INSERT INTO t{table:02} SELECT g, {", ".join(values)} '
              f'FROM (SELECT {rows} AS n) AS size, generate_series(1, n) AS g;')
    print('VACUUM ANALYZE;')


class Template:
    """A statement without its constants: text() fills them in."""

    def __init__(self, rng):
        self.parts = []  # text and (column, table) in turn
        table = zipf(rng, range(TABLES), 0.6)
        kind = rng.random()
        if kind < 0.05:
            column = rng.choice(['state', 'amount', 'a'])
            self.add(f'UPDATE t{table:02} SET {column} = ')
            self.parts.append((column, table))
            self.add(' WHERE ')
            self.condition(rng, table, '', rng.choice(['code', 'c']))
        else:
            self.select(rng, table)

    def add(self, text):
        self.parts.append(text)

    def condition(self, rng, table, alias, column):
        kind = rng.random()
        if column in ('made', 'due', 'amount') or kind < 0.15:
            self.add(f'{alias}{column} {rng.choice([">", "<", ">=", "<="])} ')
        elif kind < 0.3:
            self.add(f'{alias}{column} IN (')
            self.parts.append((column, table))
            self.add(', ')
            self.parts.append((column, table))
            self.add(')')
            return
        else:
            self.add(f'{alias}{column} = ')
        self.parts.append((column, table))

    def select(self, rng, table):
        tables = [table]
        while len(tables) < 3 and rng.random() < 0.4 and parents_of(tables[-1]):
            tables.append(rng.choice(parents_of(tables[-1])))
        names = [f'x{i}.' for i in range(len(tables))]
        outputs = sorted(rng.sample([(i, c) for i in range(len(tables)) for c in ['id', *COLUMNS]],
                                    rng.randrange(1, 5)))
        shape = rng.random()
        target = ', '.join(names[i] + c for i, c in outputs)
        group = None
        if shape < 0.15:
            group = names[0] + rng.choice(['a', 'state', 'due'])
            target = f'{group}, count(*), sum({names[-1]}amount)'
        elif shape < 0.3:
            target = 'count(*)'
        elif shape < 0.4:
            target = names[0] + '*'
        self.add(f'SELECT {target} FROM t{tables[0]:02} x0')
        for i in range(1, len(tables)):
            self.add(f' JOIN t{tables[i]:02} x{i} ON x{i}.id = x{i - 1}.t{tables[i]:02}_id')
        for i in range(rng.choice([1, 1, 2, 2, 3])):
            self.add(' AND ' if i else ' WHERE ')
            at = rng.randrange(len(tables))
            self.condition(rng, tables[at], names[at], zipf(rng, compared_columns(tables[at])))
        if group:
            self.add(f' GROUP BY {group}')
        elif 0.4 <= shape < 0.7:
            self.add(f' ORDER BY {names[0]}{rng.choice(["made", "due", "amount", "id"])}'
                     f'{rng.choice(["", " DESC"])} LIMIT {rng.choice([1, 10, 50])}')

    def shape(self):
        return ''.join(part if isinstance(part, str) else '?' for part in self.parts)

    def text(self, rng):
        return ''.join(part if isinstance(part, str) else self.literal(rng, *part) for part in self.parts)

    def literal(self, rng, column, table):
        if column.endswith('_id'):
            return str(rng.randrange(1, rows_of(int(column[1:3]))))
        return COLUMNS[column][2](rng, rows_of(table))


def templates(count):
    rng = random.Random(1)
    seen, found = set(), []
    while len(found) < count:
        template = Template(rng)
        if template.shape() not in seen:
            seen.add(template.shape())
            found.append(template)
    return found


def print_queries(texts):
    print('DROP TABLE IF EXISTS bench_query; CREATE TABLE bench_query (number int, query text);')
    print('COPY bench_query FROM stdin;')
    for number, text in enumerate(texts):
        print(f'{number}\t{text}')
    print('\\.')


def oltp_calls(count, total):
    rng = random.Random(3)
    found = templates(count)
    weights = [1 / (i + 1) for i in range(count)]
    for template in found + rng.choices(found, weights, k=max(0, total - count)):
        print(template.text(rng) + ';')


# --- joins: many tables around one ----------------------------------------------------------------------------

HUB = 'film'
DIMENSIONS = {'kind': 7, 'info_kind': 110, 'firm_kind': 4, 'link_kind': 18, 'role': 12, 'cast_state': 4,
              'firm': 12000, 'keyword': 15000, 'person': 60000, 'figure': 40000}
FACTS = {  # name: (rows, references)
    'film_firm': (60000, ['firm', 'firm_kind']),
    'film_info': (200000, ['info_kind']),
    'film_rating': (40000, ['info_kind']),
    'film_keyword': (120000, ['keyword']),
    'film_cast': (250000, ['person', 'figure', 'role']),
    'film_link': (8000, ['link_kind']),
    'film_alias': (15000, []),
    'film_state': (5000, ['cast_state']),
}
PERSON_FACTS = {'person_alias': (30000, []), 'person_info': (80000, ['info_kind'])}


def skewed(rows):
    return f'1 + (random() ^ 3 * {rows - 1})::int'


def joins_schema():
    print('SELECT setseed(0.5);')
    for name, rows in DIMENSIONS.items():
        print(f"CREATE TABLE {name} (id int PRIMARY KEY, name text, code text);"
              f"INSERT INTO {name} SELECT g, '{name} ' || g, substr(md5((random() ^ 2 * {rows} / 3)::int::text), 1, 5) "
              f"FROM generate_series(1, {rows}) AS g;")
    print(f'CREATE TABLE {HUB} (id int PRIMARY KEY, title text, kind_id int, year int);'
          f"INSERT INTO {HUB} SELECT g, 'film ' || md5(g::text), {skewed(7)}, 2024 - (random() ^ 2 * 120)::int "
          f'FROM generate_series(1, 50000) AS g;')
    for facts, owner, owners in ((FACTS, HUB, 50000), (PERSON_FACTS, 'person', 60000)):
        for name, (rows, references) in facts.items():
            columns = ''.join(f', {r}_id int' for r in references)
            values = ''.join(f', {skewed(DIMENSIONS[r])}' for r in references)
            print(f'CREATE TABLE {name} (id int PRIMARY KEY, {owner}_id int{columns}, info text, note text);'
                  f'INSERT INTO {name} SELECT g, {skewed(owners)}{values}, '
                  f"substr(md5((random() ^ 2 * {rows} / 10)::int::text), 1, 6), "
                  f"CASE WHEN random() < 0.3 THEN '(note ' || (random() ^ 2 * 50)::int || ')' END "
                  f'FROM generate_series(1, {rows}) AS g;')
    print('VACUUM ANALYZE;')


def frequent(rng, count):
    return int(rng.random() ** 2 * count)


def dimension_condition(rng, name, alias):
    if DIMENSIONS[name] < 200:
        return f"{alias}.name = '{name} {rng.randrange(1, DIMENSIONS[name] + 1)}'"
    codes = [f"'{digest(frequent(rng, DIMENSIONS[name] / 3), 5)}'" for _ in range(3)]
    return rng.choice([f'{alias}.code = {codes[0]}', f"{alias}.name LIKE '{name} 1%'",
                       f'{alias}.code IN ({", ".join(codes)})'])


def join_query(rng, tables):
    """Joins of that many tables: the film, then facts of it with what they refer to."""
    sources, conditions = [f'{HUB} f'], [f'f.year {rng.choice(["> 2000", "< 1950", "BETWEEN 1990 AND 1995", "= 2010"])}']
    counts, facts = {}, []

    def add(name):
        counts[name] = counts.get(name, 0) + 1
        alias = f'{name}_{counts[name]}'
        sources.append(f'{name} {alias}')
        return alias

    while len(sources) < tables:
        open_facts = [n for n in FACTS if counts.get(n, 0) < (2 if n == 'film_info' else 1)]
        name = rng.choice(open_facts) if open_facts else 'film_info'
        fact = add(name)
        facts.append(fact)
        conditions.append(f'{fact}.film_id = f.id')
        if rng.random() < 0.35:
            info = digest(frequent(rng, FACTS[name][0] / 10), 6)
            conditions.append(rng.choice([f"{fact}.info = '{info}'", f"{fact}.note LIKE '(note 1%'",
                                          f'{fact}.note IS NOT NULL', f"{fact}.note = '(note 3)'"]))
        for reference in FACTS[name][1]:
            if len(sources) >= tables or rng.random() < 0.15:
                continue
            other = add(reference)
            conditions.append(f'{other}.id = {fact}.{reference}_id')
            if rng.random() < 0.6:
                conditions.append(dimension_condition(rng, reference, other))
            if reference == 'person' and len(sources) < tables and rng.random() < 0.5:
                more = add(rng.choice(list(PERSON_FACTS)))
                conditions.append(f'{more}.person_id = {other}.id')
    targets = ', '.join(f'min({fact}.info)' for fact in facts[:3])
    return f'SELECT min(f.title), {targets} FROM {", ".join(sources)} WHERE {" AND ".join(conditions)}'


def join_queries(count):
    rng = random.Random(5)
    sizes = [5, 5, 6, 7, 7, 8, 8, 9, 9, 10, 11, 12, 14, 17]
    return [join_query(rng, sizes[i % len(sizes)]) for i in range(count)]


def main():
    arguments = sys.argv[1:]
    numbers = [int(a) for a in arguments[2:]]
    match arguments[:2]:
        case ['oltp', 'schema']:
            oltp_schema()
        case ['oltp', 'queries'] if len(numbers) == 1:
            rng = random.Random(2)
            print_queries([t.text(rng) for t in templates(numbers[0])])
        case ['oltp', 'calls'] if len(numbers) == 2:
            oltp_calls(*numbers)
        case ['joins', 'schema']:
            joins_schema()
        case ['joins', 'queries'] if len(numbers) == 1:
            print_queries(join_queries(numbers[0]))
        case _:
            sys.exit(__doc__)


main()
