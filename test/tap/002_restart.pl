# The server restarts with the library: cleanly, after a crash, as a standby. What was recorded is still there.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('restart', allows_streaming => 1, conf => "restart_after_crash = on\n");
my $file = $node->data_dir . '/pg_stat/pg_advisor.stat';
my $info = q{SELECT version, started_at <= now(), statements >= 0, statements_max > 0, dealloc >= 0,
	memory_bytes > 0, memory_bytes <= memory_limit_bytes, samples_dropped >= 0 FROM advisor.info};
my $version = $node->safe_psql('postgres',
	q{SELECT extversion FROM pg_extension WHERE extname = 'pg_advisor'});
my $healthy = "$version|t|t|t|t|t|t|t";

is($node->safe_psql('postgres', $info), $healthy, 'info of a new server');

sub calls_of
{
	my ($name, $on) = @_;
	return ($on // $node)->safe_psql('postgres',
		"SELECT coalesce(sum(calls), 0) FROM advisor.statements WHERE query LIKE '%AS $name'");
}

# Normalised texts are in the file as they are.
sub wait_until_saved
{
	my ($name) = @_;
	for (1 .. 1800)
	{
		return if -e $file && slurp_file($file) =~ /1 AS $name/;
		select undef, undef, undef, 0.1;
	}
	die "$name was not saved";
}

$node->safe_psql('postgres', named('seen_before_restart')) for 1 .. 3;
settle($node);
is(calls_of('seen_before_restart'), '3', 'calls are counted');

$node->safe_psql('postgres', q{
	CREATE TABLE parcel (id int PRIMARY KEY, town text);
	INSERT INTO parcel SELECT i, 'town ' || i % 2000 FROM generate_series(1, 60000) i;
	ANALYZE parcel;
	PREPARE by_town(text) AS SELECT id FROM parcel WHERE town = $1;
	EXECUTE by_town('town 1');
	EXECUTE by_town('town 2');} . q{SELECT count(*) FROM parcel WHERE town = 'town 7';} x 20);
$node->psql('postgres', 'SELECT 1 / (id - id) FROM parcel');
settle($node);

# All columns of the statements that run no more; scans; advice, which needs trees, texts and parameters.
sub everything
{
	settle($node);
	return join "\n", map { $node->safe_psql('postgres', $_) } (
		q{SELECT s FROM advisor.statements s WHERE query ~ 'parcel' AND query !~ 'advisor' ORDER BY s::text},
		q{SELECT filter, calls, rows_read, severity FROM advisor.seq_scan_hotspots WHERE relation = 'parcel'::regclass ORDER BY 1},
		q{SELECT ddl, index_bytes FROM advisor.index_suggestions},
		q{SELECT query, calls, cost_before FROM advisor.evaluate_indexes('{}') WHERE query ~ 'parcel WHERE' AND query !~ 'advisor' ORDER BY 1},
		q{SELECT stats_reset FROM advisor.info});
}
my $before = everything();
like($before, qr/CREATE INDEX CONCURRENTLY parcel_town_idx/, 'there is advice to keep') or diag($before);
like($before, qr/22012/, 'and an error');

# Immediately: nobody waits for the sessions, but the postmaster exits in order.
for my $mode ('fast', 'smart', 'immediate')
{
	settle($node);
	$node->stop($mode);
	$node->start;
	is($node->safe_psql('postgres', $info), $healthy, "info after a shutdown: $mode");
	is(everything(), $before, "statements, scans and advice after a shutdown: $mode");
}
$node->safe_psql('postgres', named('seen_before_restart'));
settle($node);
is(calls_of('seen_before_restart'), '4', 'counting goes on');

# The saver writes what changed. A crash loses what came later, and nothing else.
$node->append_conf('postgresql.conf', 'pg_advisor.save_interval = 1');
$node->reload;
$node->safe_psql('postgres', named('seen_before_crash'));
settle($node);
wait_until_saved('seen_before_crash');
$node->append_conf('postgresql.conf', 'pg_advisor.save_interval = 0');
$node->reload;
sleep 2;    # a save that is under way
$node->safe_psql('postgres', named('seen_after_save'));
settle($node);

my $postmaster = $node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()');
$node->psql('postgres', q{COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'});
$node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
is($node->safe_psql('postgres', 'SELECT pg_postmaster_start_time()'), $postmaster, 'a session crashed, not the postmaster');
is($node->safe_psql('postgres', $info), $healthy, 'info after the crash of a session');
is(calls_of('seen_before_crash') . calls_of('seen_after_save'), '10', 'saved counts came back, later ones did not');
is(everything(), $before, 'so did statements, scans and advice');

$node->append_conf('postgresql.conf', 'pg_advisor.save_interval = 1');
$node->reload;
$node->safe_psql('postgres', named('seen_by_the_next_saver'));
settle($node);
wait_until_saved('seen_by_the_next_saver');
crash($node);
is($node->safe_psql('postgres', $info), $healthy, 'info after the postmaster was killed');
is(calls_of('seen_before_crash') . calls_of('seen_by_the_next_saver'), '11', 'what the saver wrote after the crash is there');

# A base backup brings the last saved file along; from then on each server has its own.
$node->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'copy', has_streaming => 1);
$standby->start;
is(calls_of('seen_before_crash', $standby), '1', 'a new standby starts with what its primary had saved');
$standby->safe_psql('postgres', named('seen_on_standby')) for 1 .. 2;
settle($standby);
$standby->restart;
is(calls_of('seen_on_standby', $standby), '2', 'a standby keeps its counts over a restart');
$standby->promote;
is(calls_of('seen_on_standby', $standby), '2', 'and over its promotion');
$standby->restart;
is(calls_of('seen_on_standby', $standby), '2', 'and over a restart after that');
is(calls_of('seen_on_standby'), '0', 'the primary knows nothing of it');
unlike(slurp_file($standby->logfile), qr/PANIC|was terminated by signal|statistics file/, 'no complaint of the standby');
$standby->stop;

# A bounded table stays bounded, and the server comes up with other sizes too: with what is worth most.
$node->safe_psql('postgres', 'SELECT pg_sleep(1) AS expensive');
$node->safe_psql('postgres', join(';', map { "UNLISTEN channel_$_" } 1 .. 300));
settle($node);
$node->append_conf('postgresql.conf', "pg_advisor.max_statements = 100\npg_advisor.text_memory = '1MB'");
$node->restart;
is($node->safe_psql('postgres', 'SELECT statements <= statements_max, statements_max, dealloc > 0 FROM advisor.info'),
	't|100|t', 'never more statements than asked for');
is(calls_of('expensive'), '1', 'the expensive statement is one of those that stayed');
$node->append_conf('postgresql.conf', "pg_advisor.max_statements = 20000\npg_advisor.text_memory = '32MB'");
$node->restart;
is(calls_of('expensive'), '1', 'it stays in a larger table');
is($node->safe_psql('postgres', $info), $healthy, 'info of the larger table');

my $log = slurp_file($node->logfile);
unlike($log, qr/PANIC|was terminated by signal (?!9)/, 'no crash of its own');
unlike($log, qr/statistics file/, 'and no complaint about a file');
$node->stop;
done_testing();
