# A session that is ended from outside in the middle of a statement ends as it would without the extension.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('termination');

# Those that a statement of its own ends, at different depths; each has temporary objects to clean up.
my %ends = (
	plain => 'SELECT pg_terminate_backend(pg_backend_pid()) AS ended',
	nested => q{DO $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()) AS ended; PERFORM pg_sleep(60); END $$},
	caught => q{DO $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()) AS ended; PERFORM pg_sleep(60);
		EXCEPTION WHEN OTHERS THEN NULL; END $$},
	transaction => 'BEGIN; INSERT INTO scratch VALUES (2); SAVEPOINT s; SELECT 3 - 1 AS other; SELECT pg_terminate_backend(pg_backend_pid()) AS ended');
for my $how (sort keys %ends)
{
	my ($rc, $out, $err) = $node->psql('postgres',
		"SELECT 1 + 2 AS first; CREATE TEMP TABLE scratch (id serial PRIMARY KEY, t text); INSERT INTO scratch SELECT 1; $ends{$how}");
	is($rc, 2, "$how: the connection is gone");
	my @fatal = $err =~ /FATAL:\s+(.*)/g;
	is_deeply(\@fatal, ['terminating connection due to administrator command'], "$how: for one reason");
	unlike($err, qr/WARNING|PANIC/, "$how: nothing else is said");
	settle($node);
	is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_class WHERE relname LIKE 'scratch%'}),
		'0', "$how: temporary tables are dropped");
}
my $counted = $node->safe_psql('postgres',
	q{SELECT string_agg(DISTINCT last_sqlstate, ' '), sum(errors) > 0 FROM advisor.statements WHERE errors > 0});
is($counted, '57P01|t', 'the statements count as failed, for that reason');

# A server that stops in the middle of statements.
my $bench = start_pgbench($node, 'SELECT pg_sleep(60) AS interrupted', qw(-c 8 -t 1));
$node->poll_query_until('postgres',
	q{SELECT count(*) = 8 FROM pg_stat_activity WHERE application_name = 'bench' AND query ~ 'interrupted' AND state = 'active'})
  or die 'pgbench did not get to work';
$node->restart;
$bench->{run}->finish;
is($node->safe_psql('postgres', 'SELECT count(*) FROM advisor.info'), '1', 'and starts again');

my $log = slurp_file($node->logfile);
unlike($log, qr/PANIC|TRAP:|was terminated by signal|errstart|XX000|AbortTransaction while/, 'no crash, no error of its own');
$node->stop;
done_testing();
