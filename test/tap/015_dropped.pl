# What statements refer to goes away while they are recorded: databases, roles, the extension, the statistics.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('dropped', conf => "pg_advisor.flush_interval = 0\n");

# A session that goes on for as long as it is fed.
sub open_session
{
	my ($database, @options) = @_;
	my %session = (in => '', out => '', err => '', turn => 0);
	$session{run} = IPC::Run::start(
		[ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', @options, '-d', $node->connstr($database) ],
		'<', \$session{in}, '>', \$session{out}, '2>', \$session{err}, IPC::Run::timer(180));
	return \%session;
}

sub say_to
{
	my ($session, $sql) = @_;
	my $turn = ++$session->{turn};
	$session->{in} .= "$sql;\n\\echo turn $turn\n";
	$session->{run}->pump until $session->{out} =~ /^turn $turn$/m || $session->{err} ne '';
	return;
}

sub close_session
{
	my ($session) = @_;
	$session->{in} .= "\\q\n";
	$session->{run}->finish;
	return $session->{err};
}

my $views = q{SELECT count(*) FROM advisor.statements; SELECT count(*) FROM advisor.seq_scan_hotspots;
	SELECT count(*) FROM advisor.index_suggestions; SELECT count(*) FROM advisor.info};
my $work = q{SELECT count(*) AS of_session FROM heap WHERE n = 1};

# A database.
$node->safe_psql('postgres', 'CREATE DATABASE doomed');
$node->safe_psql('doomed', 'CREATE TABLE heap AS SELECT g AS n FROM generate_series(1, 20000) g; ANALYZE');
$node->safe_psql('postgres', 'CREATE TABLE heap AS SELECT g AS n FROM generate_series(1, 20000) g; ANALYZE');
my $other = open_session('postgres');
say_to($other, $work);
my $inside = open_session('doomed');
say_to($inside, $work);
my $dbid = $node->safe_psql('postgres', q{SELECT oid FROM pg_database WHERE datname = 'doomed'});
$node->safe_psql('postgres', 'DROP DATABASE doomed WITH (FORCE)');
$inside->{run}->finish;
say_to($other, $work) for 1 .. 5;
$node->safe_psql('postgres', 'CREATE DATABASE doomed');
cmp_ok($node->safe_psql('postgres', "SELECT count(*) FROM advisor.statements WHERE dbid = $dbid"),
	'>', 0, 'what ran in a dropped database is still known');
is(close_session($other), '', 'a session elsewhere notices nothing');
my ($rc, $out, $err) = $node->psql('postgres', $views);
is($rc, 0, 'all views after DROP DATABASE') or diag($err);

# A role, in the middle of its session.
$node->safe_psql('postgres', 'CREATE ROLE leaver LOGIN; GRANT SELECT ON heap TO leaver');
my $leaver = open_session('postgres', '-U', 'leaver');
say_to($leaver, $work);
say_to($leaver, 'PREPARE p(int) AS SELECT count(*) AS prepared FROM heap WHERE n = $1');
$node->safe_psql('postgres', 'DROP OWNED BY leaver; DROP ROLE leaver');
say_to($leaver, 'SELECT 2 * 3 * 4');
close_session($leaver);
($rc, $out, $err) = $node->psql('postgres', $views);
is($rc, 0, 'all views after DROP ROLE') or diag($err);
unlike($err, qr/WARNING|ERROR/, 'without complaints');

# The extension, while another session records and reads.
my $recorder = open_session('postgres');
for my $round (1 .. 3)
{
	say_to($recorder, $work);
	$node->safe_psql('postgres', 'DROP EXTENSION pg_advisor');
	say_to($recorder, $work);
	$node->safe_psql('postgres', 'CREATE EXTENSION pg_advisor');
	say_to($recorder, $work);
	say_to($recorder, 'SELECT count(*) > 0 FROM advisor.statements');
}
is(close_session($recorder), '', 'a session goes on when the extension is dropped and made again');
settle($node);
cmp_ok(
	$node->safe_psql('postgres', q{SELECT max(calls) FROM advisor.statements WHERE query LIKE '%AS of_session FROM heap%' AND dbid = (SELECT oid FROM pg_database WHERE datname = 'postgres') AND userid = 10}),
	'>=', 9 + 6, 'what was recorded outlives DROP EXTENSION');

# Resets in the middle of eight sessions that hand over their counts at every commit.
my $bench = start_pgbench($node, 'SELECT count(*) AS under_reset FROM heap WHERE n < 3', qw(-c 8 -j 2 -t 150));
$node->poll_query_until('postgres', q{SELECT count(*) = 8 FROM pg_stat_activity WHERE application_name = 'bench'})
  or die 'pgbench did not get to work';
my $reset = q{DO $$ BEGIN
	FOR i IN 1 .. 1000 LOOP PERFORM advisor.reset(); COMMIT;
	EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'bench'); END LOOP; END $$};
($rc, $out, $err) = $node->psql('postgres', $reset);
is($rc, 0, 'resets in a loop') or diag($err);
$bench->{run}->finish;
is($bench->{run}->full_result(0), 0, 'no client has an error') or diag(${ $bench->{err} });
settle($node);
cmp_ok(
	$node->safe_psql('postgres', q{SELECT coalesce(sum(calls), 0) FROM advisor.statements WHERE query LIKE '%AS under_reset%'}),
	'<=', 1200, 'no more calls than executions');
is( $node->safe_psql(
		'postgres', q{SELECT bool_and(calls >= 0 AND total_exec_time >= 0 AND min_exec_time <= max_exec_time AND rows >= 0)
			FROM advisor.statements}),
	't', 'figures are sane');
$node->safe_psql('postgres', 'SELECT advisor.reset()');
$node->safe_psql('postgres', 'SELECT count(*) AS after_all FROM heap') for 1 .. 7;
settle($node);
is( $node->safe_psql('postgres', q{SELECT sum(calls) FROM advisor.statements WHERE query LIKE '%AS after_all%'}),
	'7', 'counts after the last reset are exact');

my $log = slurp_file($node->logfile);
unlike($log, qr/PANIC|TRAP:|was terminated by signal/, 'no crash');
unlike($log, qr/ERROR:|XX000/, 'no error for anybody');
$node->stop;
done_testing();
