# advisor.statements says the same as pg_stat_statements beside it, whichever of the two is loaded first, about
# pgbench's workloads: every protocol, pipelines, several clients.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;
use Truth;

my $node;

sub pgbench
{
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($name, @options) = @_;
	forget();
	$node->command_ok([ 'pgbench', '-h', $node->host, '-p', $node->port, @options, 'postgres' ], "pgbench: $name");
	return;
}

sub pgbench_workloads
{
	($node) = @_;
	my @load = ('-n', '-c', '4', '-j', '2', '-t', '50');

	pgbench('data', '-i', '-q', '-I', 'dtgvpf', '-s', '1');
	same('pgbench data');
	for my $protocol ('simple', 'extended', 'prepared')
	{
		pgbench("TPC-B, $protocol", '-M', $protocol, @load);
		# Theirs counts a prepared utility statement once a session: it clears the id in the cached plan.
		same("TPC-B, $protocol", figures => $protocol eq 'prepared' ? q{text ~ '^(BEGIN|END)' AND figure = 'calls'} : 'false');
		is(counts('^UPDATE pgbench_(accounts|tellers|branches)'), '600|600|0', "TPC-B, $protocol: calls and rows");
		is(counts('^(BEGIN|END)'), '400|0|0', "TPC-B, $protocol: transactions");
		pgbench("reading, $protocol", '-S', '-M', $protocol, @load);
		same("reading, $protocol", least => 0);
		is(counts('^SELECT abalance'), '200|200|0', "reading, $protocol: calls and rows");
	}
	my $script = PostgreSQL::Test::Utils::tempdir() . '/pipeline.sql';
	append_to_file($script, q{
\set aid random(1, 1000)
\startpipeline
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :aid;
SELECT aid FROM pgbench_accounts WHERE aid < 40 ORDER BY aid;
BEGIN;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, :aid, 1, CURRENT_TIMESTAMP) RETURNING aid;
SELECT count(*) FROM pgbench_branches;
COMMIT;
DELETE FROM pgbench_history WHERE aid = -1;
\endpipeline
});
	for my $protocol ('extended', 'prepared')
	{
		pgbench("pipeline, $protocol", '-f', $script, '-M', $protocol, @load);
		same("pipeline, $protocol",
			figures => $protocol eq 'prepared' ? q{text ~ '^(BEGIN|COMMIT)' AND figure = 'calls'} : 'false');
		is(counts('^SELECT aid FROM'), '200|7800|0', "pipeline, $protocol: calls and rows");
	}
	return;
}

in_both_orders('bench', \&pgbench_workloads);
done_testing();
