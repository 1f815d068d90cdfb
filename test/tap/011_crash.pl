# Processes that die: the server comes back, records again, and leaves no memory behind.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $clients = 20;
my $working = "FROM pg_stat_activity WHERE application_name = 'bench' AND query ~ 'pgbench_'";
my $node = new_node('crash', conf => "restart_after_crash = on\n");
$node->run_log([ 'pgbench', '-i', '-q', '-s', '1', $node->connstr('postgres') ])
  or BAIL_OUT('pgbench cannot set up its tables');
my $postmaster = (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0];

# Clients that are at work until the server goes away.
sub start_clients
{
	my $pgbench = IPC::Run::start(
		[
			'pgbench', '-n', '-c', $clients, '-j', '2', '-T', '120',
			$node->connstr('postgres') . ' application_name=bench' ],
		'>', '/dev/null', '2>', '/dev/null', IPC::Run::timer(180));
	$node->poll_query_until('postgres', "SELECT count(*) > $clients / 2 $working")
	  or die 'pgbench did not get to work';
	return $pgbench;
}

# What a postmaster holds of the system: descriptors, shared mappings, segments.
sub shared_mappings
{
	my @found;
	for (split /\n/, slurp_file("/proc/$postmaster/maps"))
	{
		push @found, { bytes => hex($2) - hex($1), name => $3 }
		  if m{^(\w+)-(\w+) \S*s .*?((?:/dev/zero|/SYSV|/dev/shm/)\S*)};
	}
	return @found;
}

sub held
{
	my $bytes = 0;
	$bytes += $_->{bytes} for shared_mappings();
	my @descriptors = glob "/proc/$postmaster/fd/*";
	return { bytes => $bytes, descriptors => scalar @descriptors, segments => segments_of($postmaster) };
}

sub segments_of
{
	my ($creator) = @_;
	my $segments = 0;
	for (split /\n/, slurp_file('/proc/sysvipc/shm'))
	{
		my @field = split ' ';
		$segments++ if $field[4] eq $creator;
	}
	return $segments;
}

my $can_look = -r "/proc/$postmaster/maps" && -r '/proc/sysvipc/shm';
my $before = $can_look ? held() : undef;

sub records
{
	my ($what) = @_;
	my $name = "after_$what";
	is( $node->safe_psql(
			'postgres', q{SELECT statements <= statements_max, memory_bytes <= memory_limit_bytes, samples_dropped = 0
				FROM advisor.info}),
		't|t|t',
		"$what: info answers");
	$node->safe_psql('postgres', named($name)) for 1 .. 3;
	settle($node);
	is( $node->safe_psql('postgres', "SELECT sum(calls) FROM advisor.statements WHERE query LIKE '%AS $name'"),
		'3', "$what: recording works");
	return;
}

# The statistics begin anew with the memory: started_at tells that it was made again.
for my $round (1 .. 3)
{
	my $started = $node->safe_psql('postgres', 'SELECT started_at FROM advisor.info');
	my $pgbench = start_clients();
	my $victim = $node->safe_psql('postgres', "SELECT pid $working ORDER BY state <> 'active', random() LIMIT 1");
	is(kill('KILL', $victim), 1, "kill $round");
	$pgbench->finish;
	$node->poll_query_until('postgres', "SELECT started_at > '$started' FROM advisor.info")
	  or die 'the server did not come back';
	records("kill_$round");
}

SKIP:
{
	skip 'no /proc', 3 unless $can_look;
	my $after = held();
	is($after->{bytes}, $before->{bytes}, 'no more shared mappings than before');
	cmp_ok($after->{descriptors}, '<=', $before->{descriptors}, 'no more descriptors than before');
	is($after->{segments}, $before->{segments}, 'no more segments than before');
}

# The hard way out, in the middle of it all.
my @names = $can_look ? grep { m{^/dev/shm/} } map { $_->{name} } shared_mappings() : ();
my $pgbench = start_clients();
$node->stop('immediate');
$pgbench->finish;
SKIP:
{
	skip 'no /proc', 2 unless $can_look;
	is(segments_of($postmaster), 0, 'no segment is left of a server that is gone');
	is(scalar(grep { -e $_ } @names), 0, 'no shared memory file is left of it');
}
$node->start;
records('immediate_stop');

my $log = slurp_file($node->logfile);
unlike($log, qr/PANIC|TRAP:|was terminated by signal (?!9)/, 'no crash of its own');
unlike($log, qr/ERROR:|XX000/, 'no error for anybody');
$node->stop;
done_testing();
