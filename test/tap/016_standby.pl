# A hot standby records what runs there, and goes on when it is promoted.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $primary = new_node('primary', allows_streaming => 1);
$primary->safe_psql('postgres',
	'CREATE TABLE heap AS SELECT g AS n, g % 1000 AS k FROM generate_series(1, 30000) g; ANALYZE heap');
$primary->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'copy', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is($standby->safe_psql('postgres', 'SELECT pg_is_in_recovery()'), 't', 'a standby');

my $calls = sub {
	my ($node, $what) = @_;
	return $node->safe_psql('postgres',
		"SELECT coalesce(sum(calls), 0) FROM advisor.statements WHERE query LIKE '%AS $what FROM%' AND query NOT LIKE '%advisor%'");
};
$standby->safe_psql('postgres', 'SELECT count(*) AS on_standby FROM heap WHERE k = 7') for 1 .. 5;
settle($standby);
is($calls->($standby, 'on_standby'), '5', 'its own statements are in its own statistics');
is($calls->($primary, 'on_standby'), '0', 'not in those of the primary');
is( $standby->safe_psql('postgres',
		q{SELECT severity <> '' AND rows_read >= 150000 FROM advisor.seq_scan_hotspots WHERE relation = 'heap'::regclass}),
	't', 'hot spots of the standby');
like($standby->safe_psql('postgres', 'SELECT ddl FROM advisor.index_suggestions'),
	qr/CREATE INDEX .* ON public\.heap .*\(k\)/, 'advice from what ran on the standby');
like($standby->safe_psql('postgres', q{SELECT * FROM advisor.what_if('SELECT * FROM heap WHERE k = 7', ARRAY['CREATE INDEX ON heap (k)'])}),
	qr/<hypothetical>/, 'what-if on the standby');
fails_with($standby, 'UPDATE heap SET n = 0', [qr/read-only transaction/], 'a write');
settle($standby);
is( $standby->safe_psql('postgres', q{SELECT last_sqlstate FROM advisor.statements WHERE query LIKE 'UPDATE heap%'}),
	'25006', 'its error is counted');

# A standby that is behind is found on both sides, as long as it is.
my $lag = q{SELECT object FROM advisor.findings WHERE rule = 'ops-replication-lag'};
$primary->safe_psql('postgres', "SELECT advisor.set_threshold('ops-replication-lag', 'min_bytes', 100000)");
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is($_->safe_psql('postgres', $lag), '', 'nobody is behind, by ' . $_->name) for $primary, $standby;
$standby->safe_psql('postgres', 'SELECT pg_wal_replay_pause()');
$standby->poll_query_until('postgres', q{SELECT pg_get_wal_replay_pause_state() = 'paused'}) or die 'replay is not paused';
$primary->safe_psql('postgres', 'CREATE TABLE later AS SELECT g FROM generate_series(1, 30000) g');
$primary->wait_for_catchup($standby, 'write', $primary->lsn('insert'));
is($primary->safe_psql('postgres', $lag), 'replication to standby', 'the primary sees it behind');
is($standby->safe_psql('postgres', $lag), 'replay of this standby', 'the standby sees itself behind');
$standby->safe_psql('postgres', 'SELECT pg_wal_replay_resume()');
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is($_->safe_psql('postgres', $lag), '', 'caught up, by ' . $_->name) for $primary, $standby;

# Changes of the extension itself are replayed.
$primary->safe_psql('postgres', 'DROP EXTENSION pg_advisor; CREATE EXTENSION pg_advisor');
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('insert'));
is($calls->($standby, 'on_standby'), '5', 'the extension made again on the primary');

$standby->promote;
is($standby->safe_psql('postgres', 'SELECT pg_is_in_recovery()'), 'f', 'promoted');
is($calls->($standby, 'on_standby'), '5', 'nothing is lost by the promotion');
$standby->safe_psql('postgres', 'UPDATE heap AS upd SET n = 1 WHERE k = 7; SELECT count(*) AS on_promoted FROM heap');
settle($standby);
is($calls->($standby, 'on_promoted'), '1', 'the promoted server records');
is( $standby->safe_psql('postgres', q{SELECT calls || ' ' || rows FROM advisor.statements WHERE query LIKE 'UPDATE heap AS upd%'}),
	'1 30', 'writes too');
$standby->safe_psql('postgres', 'SELECT advisor.reset()');
is($calls->($standby, 'on_promoted'), '0', 'reset works there');

for my $node ($primary, $standby)
{
	unlike(slurp_file($node->logfile), qr/PANIC|TRAP:|was terminated by signal|XX000/, 'no crash of ' . $node->name);
	$node->stop;
}
done_testing();
