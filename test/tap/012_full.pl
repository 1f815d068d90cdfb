# Full memory: no error for anybody, counts go on, what is expensive stays, the limits hold.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('full', conf => "pg_advisor.text_memory = '1MB'\npg_advisor.max_statements = 100\n");
my $limits = q{SELECT statements <= statements_max, memory_bytes <= memory_limit_bytes FROM advisor.info};

# A statement that differs from all others by more than its constants and names.
sub statement
{
	my ($number) = @_;
	return 'SELECT 1' . join('', map { $number >> $_ & 1 ? ' - 1' : ' + 1' } 0 .. 12);
}

# Long texts of many statements, far more than 1 MB of them.
sub long_texts
{
	my ($tag, $from, $to) = @_;
	return join(';', map { statement($_) . " AS ${tag}_$_, " . join(', ', map { "$_ AS column_$_" } 1 .. 200) } $from .. $to);
}
$node->safe_psql('postgres', q{SELECT advisor.reset()});
my ($rc, $out, $err) = $node->psql('postgres', 'SET pg_advisor.sample_rate = 1;' . long_texts('filling', 1, 500));
is($rc, 0, 'no statement fails for want of memory');
is($err, '', 'and nothing is said about it');
settle($node);
is($node->safe_psql('postgres', $limits), 't|t', 'the limits hold when the text area is full');
cmp_ok($node->safe_psql('postgres', 'SELECT dealloc + samples_dropped FROM advisor.info'),
	'>', 0, 'what was dropped is counted');

# A text that no room is left for is dropped and counted as such; a statement that costs something is counted.
my $late = 'SELECT sum(sqrt(g)) AS late FROM generate_series(1, 300000) g';
$node->safe_psql('postgres', "SELECT advisor.reset(); $late");
settle($node);
my $queryid = $node->safe_psql('postgres', q{SELECT queryid FROM advisor.statements WHERE query LIKE '%AS late%' AND toplevel});
$node->safe_psql('postgres',
	'SELECT advisor.reset(); ' . join(';', map { statement($_) . " AS wide_$_, '" . 'x' x 12000 . "'" } 1 .. 200));
settle($node);
$node->safe_psql('postgres', $late) for 1 .. 5;
settle($node);
is($node->safe_psql('postgres', "SELECT calls FROM advisor.statements WHERE queryid = $queryid"),
	'5', 'a statement that comes late is counted');
is($node->safe_psql('postgres', $limits), 't|t', 'the limits still hold');

# Advice works on what is left.
($rc, $out, $err) = $node->psql('postgres', 'SELECT count(*) FROM advisor.index_suggestions; SELECT count(*) FROM advisor.seq_scan_hotspots');
is($rc, 0, 'the advice works with full memory') or diag($err);

# Emptied, it takes as much as before: nothing leaked.
$node->safe_psql('postgres', 'SELECT advisor.reset()');
$node->safe_psql('postgres', long_texts('again', 1, 20));
settle($node);
is( $node->safe_psql('postgres',
		q{SELECT count(*), sum(calls) FROM advisor.statements WHERE query LIKE '%AS again%' AND example_query IS NOT NULL}),
	'20|20',
	'after a reset there is room again');
is($node->safe_psql('postgres', 'SELECT samples_dropped FROM advisor.info'), '0', 'nothing is dropped then');

# A full table: the smallest there is, thousands of statements, eight clients at once.
$node->append_conf('postgresql.conf', "pg_advisor.text_memory = '16MB'\n");
$node->restart;
$node->safe_psql('postgres', q{SELECT sum(g * sqrt(g)) AS expensive FROM generate_series(1, 1000000) g});
settle($node);
my @clients;
for my $client (1 .. 8)
{
	my $sql = join(";\n", map { statement($client * 1000 + $_) . " AS s_${client}_$_" } 1 .. 700);
	my ($stdout, $stderr) = ('', '');
	my $harness = IPC::Run::start([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres') ],
		'<', \$sql, '>', '/dev/null', '2>', \$stderr, IPC::Run::timer(180));
	push @clients, { harness => $harness, err => \$stderr };
}
$_->{harness}->finish for @clients;
is(join('', map { ${ $_->{err} } } @clients), '', 'no client has an error when the table is full');
is(scalar(grep { $_->{harness}->full_result(0) != 0 } @clients), 0, 'all clients come to their end');
settle($node);
is($node->safe_psql('postgres', $limits), 't|t', 'the limits hold when the table is full');
cmp_ok($node->safe_psql('postgres', 'SELECT dealloc FROM advisor.info'),
	'>=', 8 * 700 - 100, 'all that had to go is counted as evicted');
is( $node->safe_psql('postgres', q{SELECT sum(calls) FROM advisor.statements WHERE query LIKE '%AS expensive%'}),
	'1', 'the expensive statement is kept');

my $log = slurp_file($node->logfile);
unlike($log, qr/PANIC|TRAP:|was terminated by signal/, 'no crash');
unlike($log, qr/ERROR:|WARNING:/, 'no error for anybody');
$node->stop;
done_testing();
