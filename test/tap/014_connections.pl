# 500 sessions at once: each of them is counted.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $sessions = 500;
my $node = new_node('connections', conf => "max_connections = 520\n");
$node->safe_psql('postgres',
	'CREATE TABLE counter (id int PRIMARY KEY, n int); INSERT INTO counter SELECT g, 0 FROM generate_series(1, 2000) g; SELECT advisor.reset()');

my $script = PostgreSQL::Test::Utils::tempdir . '/work.sql';
append_to_file(
	$script, q{
\set id 4 * :client_id + random(1, 4)
SELECT n AS read_it FROM counter WHERE id = :id;
UPDATE counter AS write_it SET n = n + 1 WHERE id = :id;
});
my ($out, $err) = ('', '');
# One thread opens all connections before the first transaction.
IPC::Run::run(
	[ 'pgbench', '-n', '-c', $sessions, '-j', '1', '-t', '4', '-f', $script, $node->connstr('postgres') ],
	'>', \$out, '2>', \$err)
  or diag($err);
my $executed = 4 * $sessions;
like($out, qr{number of transactions actually processed: $executed/$executed}, 'all sessions did all their work');
settle($node);

is( $node->safe_psql(
		'postgres',
		q{SELECT sum(calls) FILTER (WHERE query LIKE '%AS read_it%'), sum(calls) FILTER (WHERE query LIKE '%AS write_it%'),
		         sum(rows) FILTER (WHERE query LIKE '%AS write_it%')
		  FROM advisor.statements}),
	"$executed|$executed|$executed",
	'every execution of every session is counted once');
is( $node->safe_psql(
		'postgres', q{SELECT memory_bytes <= memory_limit_bytes, dealloc, samples_dropped FROM advisor.info}),
	't|0|0',
	'nothing had to go');

my $log = slurp_file($node->logfile);
unlike($log, qr/PANIC|TRAP:|was terminated by signal|ERROR:/, 'no crash, no error');
$node->stop;
done_testing();
