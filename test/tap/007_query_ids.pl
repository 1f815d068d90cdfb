# Query ids are remembered by a hash of the query (capture/query_ids.cpp) and not computed each time. The hash may
# tell apart more than the server's id, never less: with debug_query_ids every remembered id is compared.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('query_ids', conf => "pg_advisor.debug_query_ids = on\n");
$node->safe_psql(
	'postgres', q{
	CREATE TABLE a (id int, b int, c text, d date, f float8[], o boolean);
	CREATE TABLE z (id int, b int, c text, d date, f float8[], o boolean);
	INSERT INTO a SELECT g, g, 'x' || g, '2026-01-01', ARRAY[g], true FROM generate_series(1, 5) g;
	INSERT INTO z SELECT * FROM a;
});

# Neighbours differ in one thing that the server's id tells apart, whatever is in the place of a constant.
my @shapes = (
	(map { "SELECT $_ FROM a" } qw(id b c), 'id, b', 'b, id', 'id + 1', 'id - 1', 'id::bigint', 'id::text', 'c::varchar(9)',
		'count(*)', 'count(id)', 'count(DISTINCT id)', 'count(id) FILTER (WHERE b > 0)', 'sum(id)', 'array_agg(id ORDER BY b)',
		'array_agg(DISTINCT id)', 'array_agg(id ORDER BY b DESC)', 'coalesce(id, b)', 'coalesce(b, id)', 'greatest(id, b)',
		'least(id, b)', 'CASE WHEN o THEN 1 ELSE 2 END', 'CASE WHEN o THEN 1 END', 'CASE id WHEN 3 THEN b END',
		'nullif(id, 1)', 'o IS TRUE', 'o IS NOT TRUE', 'o IS NULL', 'o IS NOT NULL', 'current_date', 'current_user',
		'c COLLATE "C"', 'f[1]', 'f[1:2]', 'ARRAY[id, b]', '(id, b)', '(SELECT max(b) FROM z)', '(SELECT min(b) FROM z)',
		'EXISTS (SELECT 1 FROM z WHERE z.id = a.id)', 'id IN (SELECT b FROM z)', 'id NOT IN (SELECT b FROM z)',
		'row_number() OVER (ORDER BY id)', 'lower(c)', 'upper(c)', 'id IS DISTINCT FROM b', 'a', 'a.*'),
	(map { "SELECT id FROM a WHERE $_" } 'id = 1', 'b = 1', 'id > 1', 'id < 1', 'id = 1.5', "id = '1'", 'id = 1 AND b = 2',
		'id = 1 OR b = 2', 'NOT id = 1', 'id IN (1, 2)', 'id IN (1, 2, 3)', 'id = ANY (ARRAY[1, 2])', 'id <> ALL (ARRAY[1, 2])',
		"c LIKE 'x%'", "c ~ 'x'", "d > '2026-01-01'", 'id BETWEEN 1 AND 2', 'o', 'NOT o'),
	(map { "SELECT id FROM a $_" } 'ORDER BY id', 'ORDER BY id DESC', 'ORDER BY id NULLS FIRST', 'ORDER BY b', 'ORDER BY 1', 'LIMIT 1',
		'OFFSET 1', 'LIMIT 1 OFFSET 1', 'FETCH FIRST 1 ROW ONLY', 'ORDER BY id FETCH FIRST 1 ROW WITH TIES', 'GROUP BY id',
		'GROUP BY id, b', 'GROUP BY ROLLUP (id)', 'GROUP BY id HAVING count(*) > 1', 'FOR UPDATE', 'FOR SHARE',
		'FOR UPDATE NOWAIT', 'FOR UPDATE SKIP LOCKED', 'TABLESAMPLE system (50)', 'UNION SELECT 1', 'UNION ALL SELECT 1'),
	'SELECT DISTINCT id FROM a', 'SELECT DISTINCT ON (id) b FROM a', 'SELECT id FROM z', 'SELECT id FROM ONLY a',
	(map { "SELECT a.id FROM a $_" } 'JOIN z ON a.id = z.id', 'LEFT JOIN z ON a.id = z.id', 'RIGHT JOIN z ON a.id = z.id',
		'FULL JOIN z ON a.id = z.id', 'CROSS JOIN z', ', z', 'NATURAL JOIN z n(y, w)', 'JOIN z ON a.b = z.id', 'JOIN z USING (id)',
		'JOIN (SELECT id FROM z) s ON s.id = a.id', 'JOIN (SELECT b AS id FROM z) s ON s.id = a.id',
		', LATERAL (SELECT 1 FROM z WHERE z.id = a.id) l', ', generate_series(1, 2)', ', (VALUES (1), (2)) v'),
	'WITH w AS (SELECT 1) SELECT * FROM w', 'SELECT 1', "SELECT 'text'", 'SELECT 1.5', 'SELECT NULL', 'SELECT -1', 'VALUES (1), (2)',
	'SELECT FROM a',
	(map { "INSERT INTO a (id) $_" } 'VALUES (1)', 'VALUES (DEFAULT)', 'VALUES (1), (2)', 'SELECT 1', 'VALUES (1) RETURNING id',
		'VALUES (1) RETURNING b', 'VALUES (1) ON CONFLICT DO NOTHING'),
	'INSERT INTO a (b) VALUES (1)', 'INSERT INTO z (id) VALUES (1)',
	(map { "UPDATE a SET $_" } 'b = 1', 'id = 1', 'b = b + 1', 'b = 1 WHERE id = 1', 'b = 1 RETURNING id', 'b = z.b FROM z WHERE z.id = a.id'),
	(map { "DELETE FROM a $_" } 'WHERE id = 100', 'WHERE b = 100', 'USING z WHERE a.id = 100 AND z.id = 100'),
	'MERGE INTO a USING z ON a.id = z.id WHEN MATCHED THEN DO NOTHING');

# All of them three times in one session, with other constants each time: the second time ids come from memory.
my @texts;
for my $round (1 .. 3)
{
	for my $shape (@shapes)
	{
		(my $text = $shape) =~ s/(?<![\w(\[])(?<!ORDER BY )(\d+)(?![\w.)\]-])/$1 + $round - 1/ge;
		push @texts, $text;
	}
}
my ($rc, $out, $err) = $node->psql('postgres', join(";\n", 'BEGIN', @texts, 'ROLLBACK'), on_error_stop => 1);
is($rc, 0, 'every statement runs') or diag($err);
unlike($err, qr/remembered query id/, 'no remembered id differs from the server\'s');

# The project's own regression queries are a second, independent collection.
for my $file (glob 'test/sql/*.sql')
{
	next if $file =~ /fidelity/;
	my ($rc, $out, $err) = $node->psql('postgres', slurp_file($file), on_error_stop => 0);
	unlike($err, qr/remembered query id/, "$file: no remembered id differs");
}
unlike(slurp_file($node->logfile), qr/remembered query id/, 'nor does the log tell of one');

# That the comparison would notice: ids are remembered at all, and the same as without our help.
my $id = q{SELECT query_id FROM pg_stat_activity WHERE pid = pg_backend_pid()};
my $ours = $node->safe_psql('postgres', "$id;$id");
my $servers = $node->safe_psql('postgres', "SET compute_query_id = on;$id;$id");
is($ours, $servers, 'the id in pg_stat_activity is the one the server computes');
is((split /\n/, $ours)[0], (split /\n/, $ours)[1], 'and the same each time');
is($node->safe_psql('postgres', "SET compute_query_id = off;$id"), '', 'none where ids are switched off');

$node->stop;
done_testing();
