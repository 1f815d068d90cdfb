# A server of its own for one TAP test, with the staged extension, and a few checks that several tests make.
package AdvisorNode;

use strict;
use warnings;

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(new_node fails_with settle crash named start_pgbench);

# new_node(name, preload => 0, conf => "..."): initialised, started, with the extension in database postgres.
sub new_node
{
	my ($name, %options) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init(allows_streaming => $options{allows_streaming} // 0);
	# make check tells where the extension is staged; without it the installed one is tested.
	my $conf =
	  $ENV{ADVISOR_TEST_CONF}
	  ? slurp_file($ENV{ADVISOR_TEST_CONF})
	  : "shared_preload_libraries = 'pg_advisor'\n";
	$node->append_conf('postgresql.conf', $conf);
	$node->append_conf('postgresql.conf', "shared_preload_libraries = ''")
	  if defined $options{preload} && !$options{preload};
	$node->append_conf('postgresql.conf', $options{conf}) if defined $options{conf};
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION pg_advisor');
	return $node;
}

# start_pgbench(node, sql, pgbench options): a script at work in database postgres, as application bench. Its errors
# are in the string that {err} points to once {run} has finished.
sub start_pgbench
{
	my ($node, $sql, @options) = @_;
	my $script = PostgreSQL::Test::Utils::tempdir . '/work.sql';
	append_to_file($script, "$sql;\n");
	my ($out, $err) = ('', '');
	my $run = IPC::Run::start(
		[ 'pgbench', '-n', @options, '-f', $script, $node->connstr('postgres') . ' application_name=bench' ],
		'>', \$out, '2>', \$err, IPC::Run::timer(180));
	return { run => $run, err => \$err };
}

# fails_with(node, sql, [regexes], name, psql options): the statement is refused, and says what it should.
sub fails_with
{
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($node, $sql, $patterns, $name, @options) = @_;
	my ($rc, $out, $err) = $node->psql('postgres', $sql, @options);
	isnt($rc, 0, "$name: refused") or diag("printed: $out");
	like($err, $_, "$name: message") for @$patterns;
	my $errors = () = $err =~ /ERROR:/g;
	is($errors, 1, "$name: one error") or diag($err);
	return;
}

# What sessions have not handed over yet is handed over when they end: wait until nobody is left.
sub settle
{
	my ($node) = @_;
	$node->poll_query_until('postgres',
		"SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
	  or die 'sessions did not end';
	return;
}

# named(name): a statement that is told from others by its name. The name of a column is not part of a
# statement's identity, so that each also has a number of columns of its own.
my %columns_of;
sub named
{
	my ($name) = @_;
	$columns_of{$name} //= 1 + keys %columns_of;
	return 'SELECT ' . join(', ', (1) x $columns_of{$name}) . " AS $name";
}

# The postmaster is killed and started again, which has to wait until its children have noticed.
sub crash
{
	my ($node) = @_;
	my $postmaster = $node->{_pid};
	$node->kill9;
	for (1 .. 180)
	{
		return if !kill(0, $postmaster) && $node->start(fail_ok => 1);
		select undef, undef, undef, 0.5;
	}
	die 'the server does not start after a crash';
}

1;
