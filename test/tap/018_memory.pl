# A session's memory does not grow with what it has run, and the shared memory stays below its limit.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $allowed_kb = 3 * 1024;
my $node = new_node('memory', conf => "pg_advisor.sample_rate = 0.1\n");
$node->safe_psql('postgres', q{
	CREATE TABLE counter (id int PRIMARY KEY, n int, t text);
	INSERT INTO counter SELECT g, g, 'text ' || g FROM generate_series(1, 1000) g; ANALYZE counter;
	-- statements that differ by more than their constants: by the signs between them
	CREATE FUNCTION distinct_statements(first int, last int) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE sql text; BEGIN
		FOR number IN first .. last LOOP
			sql := 'SELECT 1';
			FOR digit IN 0 .. 16 LOOP
				sql := sql || CASE WHEN number >> digit & 1 = 1 THEN ' - 1' ELSE ' + 1' END;
			END LOOP;
			EXECUTE sql || ' FROM counter WHERE id = ' || number % 1000 + 1;
		END LOOP;
	END $$;
	CREATE FUNCTION prepared_executions(times int) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE found int; BEGIN
		FOR number IN 1 .. times LOOP
			SELECT n INTO found FROM counter WHERE id = number % 1000 + 1;
		END LOOP;
	END $$});

sub memory_kb
{
	my ($pid) = @_;
	my ($kb) = slurp_file("/proc/$pid/status") =~ /^RssAnon:\s+(\d+)/m;
	return $kb;
}

my %session = (in => '', out => '', err => '');
my $run = IPC::Run::start([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres') ],
	'<', \$session{in}, '>', \$session{out}, '2>', \$session{err}, IPC::Run::timer(180));

sub answer
{
	my ($sql) = @_;
	$session{out} = '';
	$session{in} .= "$sql;\n\\echo done\n";
	$run->pump until $session{out} =~ /^done$/m || $session{err} ne '';
	die $session{err} if $session{err} ne '';
	return $session{out} =~ s/\n?done\n//r;
}

my $limits = q{SELECT memory_bytes <= memory_limit_bytes, statements <= statements_max FROM advisor.info};
my $pid = answer('SELECT pg_backend_pid()');
my $can_look = -r "/proc/$pid/status" && memory_kb($pid);
SKIP:
{
	skip 'no /proc', 3 unless $can_look;

	answer('SELECT distinct_statements(1, 10000)');
	my $early = memory_kb($pid);
	for my $part (1 .. 9)
	{
		answer("SELECT distinct_statements($part * 10000 + 1, $part * 10000 + 10000)");
		is(answer($limits), 't|t', "the limits hold after $part of 9 parts") if $part % 3 == 0;
	}
	cmp_ok(memory_kb($pid) - $early, '<', $allowed_kb, '100,000 distinct statements: memory of the session is flat');

	answer('SELECT prepared_executions(50000)');
	$early = memory_kb($pid);
	answer('SELECT prepared_executions(450000)') for 1 .. 2;
	cmp_ok(memory_kb($pid) - $early, '<', $allowed_kb, 'a million executions: memory of the session is flat');

	# From the client, one transaction each.
	my $bench = start_pgbench($node, 'SELECT n, t FROM counter AS from_client WHERE id = 5 AND n < 1000',
		qw(-M prepared -t 120000));
	my $calls = q{SELECT coalesce(sum(calls), 0) > %d FROM advisor.statements WHERE query LIKE '%%AS from_client%%'};
	$node->poll_query_until('postgres', sprintf $calls, 3000) or die 'pgbench did not get to work';
	my $client = answer(q{SELECT pid FROM pg_stat_activity WHERE application_name = 'bench'});
	$early = memory_kb($client);
	$node->poll_query_until('postgres', sprintf $calls, 100000) or die 'pgbench did not get on';
	my $late = -r "/proc/$client/status" ? memory_kb($client) : undef;
	$bench->{run}->finish;
	is($bench->{run}->full_result(0), 0, 'pgbench came to its end') or diag(${ $bench->{err} });
	cmp_ok(($late // $early) - $early, '<', $allowed_kb, 'so is that of a client with prepared statements');
}
$session{in} .= "\\q\n";
$run->finish;
settle($node);
is($node->safe_psql('postgres', $limits), 't|t', 'the limits hold in the end');
SKIP:
{
	skip 'no /proc', 1 unless $can_look;
	is( $node->safe_psql('postgres', q{SELECT sum(calls) FROM advisor.statements WHERE query LIKE 'SELECT n %FROM counter WHERE id = number%'}),
		'950000', 'every execution is counted');
}

my $log = slurp_file($node->logfile);
unlike($log, qr/PANIC|TRAP:|was terminated by signal|ERROR:/, 'no crash, no error');
$node->stop;
done_testing();
