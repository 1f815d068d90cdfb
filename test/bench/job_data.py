#!/usr/bin/env python3
"""Made-up data for the Join Order Benchmark, whose own (a copy of IMDb) may not be passed on.

    job_data.py KIT [DIVISOR] | psql -q DATABASE

KIT is a checkout of gregrahn/join-order-benchmark: its schema.sql and its queries, nothing else. The tables get the
numbers of rows that the benchmark's data have, divided by DIVISOR (20); keys that refer to other tables are skewed; the
constants that the queries compare a column with are among its values. The same arguments print the same.
"""
import glob
import os
import random
import re
import sys

ROWS = {'aka_name': 901343, 'aka_title': 361472, 'cast_info': 36244344, 'char_name': 3140339, 'comp_cast_type': 4,
        'company_name': 234997, 'company_type': 4, 'complete_cast': 135086, 'info_type': 113, 'keyword': 134170,
        'kind_type': 7, 'link_type': 18, 'movie_companies': 2609129, 'movie_info': 14835720, 'movie_info_idx': 1380035,
        'movie_keyword': 4523930, 'movie_link': 29997, 'name': 4167491, 'person_info': 2963664, 'role_type': 12,
        'title': 2528312}
ALWAYS_WHOLE = 200  # tables of kinds are as small as they are
REFERS = {'movie_id': 'title', 'linked_movie_id': 'title', 'episode_of_id': 'title', 'person_id': 'name',
          'person_role_id': 'char_name', 'role_id': 'role_type', 'company_id': 'company_name',
          'company_type_id': 'company_type', 'kind_id': 'kind_type', 'info_type_id': 'info_type',
          'keyword_id': 'keyword', 'link_type_id': 'link_type', 'subject_id': 'comp_cast_type',
          'status_id': 'comp_cast_type'}
OFTEN_NULL = {'note': 0.5, 'imdb_index': 0.9, 'episode_of_id': 0.6, 'person_role_id': 0.5, 'md5sum': 0.0, 'gender': 0.3}


def tables_of(schema):
    for table, body in re.findall(r'CREATE TABLE (\w+) \((.*?)\);', schema, re.S):
        yield table, [re.match(r'\s*(\w+)\s+(.*)', line).groups() for line in body.strip().split(',\n')]


def constants_of(kit):
    """{(table, column): texts that it is compared with, the patterns without their signs}"""
    found = {}
    for path in sorted(glob.glob(os.path.join(kit, '[0-9]*.sql'))):
        text = open(path).read()
        aliases = {alias: table for table, alias in re.findall(r'(\w+) AS (\w+)', text[text.upper().index('FROM'):])}
        for alias, column, literals in re.findall(
                r"(\w+)\.(\w+)\s+(?:NOT\s+)?(?:=|!=|<|>|LIKE|IN)\s*(\(?'(?:[^']|'')*'(?:,\s*'(?:[^']|'')*')*)", text):
            values = found.setdefault((aliases.get(alias), column), {})
            for literal in re.findall(r"'((?:[^']|'')*)'", literals):
                values[literal.replace("''", "'").replace('%', ' ').strip() or 'x'] = None
        for alias, column, literal in re.findall(r"(\w+)\.(\w+)\s*=\s*'((?:[^']|'')*)'", text):
            found.setdefault((aliases.get(alias), column), {})[literal.replace("''", "'")] = None
    return {key: list(values) for key, values in found.items()}


def main():
    kit, divisor = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
    schema = open(os.path.join(kit, 'schema.sql')).read()
    constants = constants_of(kit)
    rows = {table: number if number < ALWAYS_WHOLE else max(ALWAYS_WHOLE, number // divisor)
            for table, number in ROWS.items()}
    print('SET client_min_messages = warning;')
    print(schema)
    for table, columns in tables_of(schema):
        rng = random.Random(table)
        print(f'COPY {table} FROM STDIN;')
        for row in range(1, rows[table] + 1):
            values = []
            for column, kind in columns:
                texts = constants.get((table, column), [])
                if column == 'id':
                    value = str(row)
                elif 'NOT NULL' not in kind and rng.random() < OFTEN_NULL.get(column, 0.1):
                    value = '\\N'
                elif column in REFERS:
                    value = str(1 + int(rows[REFERS[column]] * rng.random() ** 2))
                elif column == 'production_year':
                    value = str(2013 - int(130 * rng.random() ** 3))
                elif kind.startswith('integer'):
                    value = str(1 + int(1000 * rng.random() ** 2))
                elif rows[table] < ALWAYS_WHOLE:
                    value = texts[row - 1] if row <= len(texts) else f'{column} {row}'
                elif column == 'gender':
                    value = rng.choice('mmf')
                elif column == 'keyword':
                    value = texts[row - 1] if row <= len(texts) else f'{column} {row}'
                elif column == 'country_code':
                    value = texts[int(len(texts) * rng.random() ** 2)]
                elif texts and rng.random() < 0.3:
                    value = texts[int(len(texts) * rng.random() ** 2)]
                elif column.endswith('_index') or 'pcode' in column or column.endswith('code'):
                    value = rng.choice('ABCDEFGHIJKLMNOP') + str(rng.randrange(1000))
                elif column == 'info':
                    rating = table == 'movie_info_idx'
                    value = str(rng.randrange(1, 100) / 10) if rating else 'info %d' % rng.randrange(5000)
                else:
                    value = '%s %s %d' % (rng.choice('ABCDEFGHIJKLMNOPRSTUVWXYZ') + column,
                                          rng.choice(['An', 'of', 'the', 'and', 'in']), rng.randrange(rows[table]))
                limit = re.search(r'varying\((\d+)\)', kind)
                values.append(value[:int(limit[1])] if limit and value != '\\N' else value)
            print('\t'.join(values))
        print('\\.')


if __name__ == '__main__':
    main()
