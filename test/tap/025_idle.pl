# What a session has counted and not handed over when it becomes idle: the server asks for it from 18 on, after ten
# seconds. Before, it comes with the next transaction or when the session ends.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

# No transaction ends late enough to hand over anything but the first execution.
my $node = new_node('idle', conf => 'pg_advisor.flush_interval = 60000');
my $asks = $node->safe_psql('postgres', 'SHOW server_version_num') >= 180000;
my $seen = q{SELECT calls FROM advisor.statements WHERE query ~ 'idle_here' AND query !~ 'advisor'};

my $session = $node->background_psql('postgres', on_error_stop => 1);
$session->query_safe(named('idle_here')) for 1 .. 5;
cmp_ok($node->safe_psql('postgres', $seen), '<', 5, 'not everything is handed over at once');

my $calls = 0;
for (1 .. ($asks ? 60 : 13))
{
	$calls = $node->safe_psql('postgres', $seen);
	last if $calls == 5;
	sleep 1;
}
is($calls, 5, 'an idle session hands over what it has') if $asks;
cmp_ok($calls, '<', 5, 'before 18 nobody asks an idle session') if !$asks;

# Not in a transaction.
$session->query_safe('BEGIN');
$session->query_safe(named('idle_here'));
$session->query_safe('COMMIT');
$session->quit;
settle($node);
is($node->safe_psql('postgres', $seen), 6, 'all is handed over when the session ends');

# The server's statistics have nothing of this library in them.
if ($asks)
{
	like(slurp_file($node->logfile), qr/registered custom cumulative statistics "pg_advisor" with ID 32\b/, 'the highest number');
	$node->safe_psql('postgres', 'CREATE TABLE parcel AS SELECT 1 AS id; SELECT pg_stat_force_next_flush()');
	$node->safe_psql('postgres', 'SELECT FROM parcel; SELECT pg_stat_force_next_flush()') for 1 .. 3;
	my $scans = q{SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'parcel'};
	my $before = $node->safe_psql('postgres', $scans);
	cmp_ok($before, '>', 0, 'the server has counted');
	$node->append_conf('postgresql.conf', q{shared_preload_libraries = ''});
	my $from = -s $node->logfile;
	$node->restart;
	is($node->safe_psql('postgres', $scans), $before, 'without the library the server reads its statistics');
	unlike(slurp_file($node->logfile, $from), qr/WARNING|stats/, 'and says nothing about them');
}

$node->stop;
done_testing();
