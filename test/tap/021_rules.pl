# Every rule of the review on a database made for it: what it must flag and what it must not, and that fix and undo do
# what they say.
#
# test/findings/RULE.sql is run in a database of its own. Its first lines say:
#   -- flags: OBJECT [SEVERITY]      once for each finding of the rule; what is not named must not be flagged;
#                                    "query N" is any query
#   -- undo: differs, REASON         the schema after fix and undo is not exactly what it was
#   -- undo: stays away, REASON      the finding does not come back by the undo
#   -- errors: NUMBER              statements of the script that are meant to fail
#   -- ask: SQL                      run before each question, in the same session
#   -- finally: SQL                  run at the end, for what is left behind outside of the database
#   RULES=name,name make check ...   runs some
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use AdvisorNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $cases = "$FindBin::RealBin/../findings";
my $node = new_node(
	'rules',
	conf => "autovacuum = off\nwal_level = logical\npg_advisor.flush_interval = 0\nmax_prepared_transactions = 5\n");
$node->safe_psql('postgres', 'CREATE DATABASE rule_template');
$node->safe_psql('rule_template', 'CREATE EXTENSION pg_advisor');

my %only = map { $_ => 1 } split /,/, $ENV{RULES} // '';
my @rules = split /\n/, $node->safe_psql('postgres', 'SELECT rule FROM advisor.rules ORDER BY rule');

# What stands in the first lines of a case: key => [values].
sub header
{
	my ($text) = @_;
	my %header;
	for (split /\n/, $text)
	{
		last unless /^-- (\w+): (.*)/;
		push @{ $header{$1} }, $2;
	}
	return \%header;
}

# Runs a script as psql -f does; its errors.
sub run_script
{
	my ($script) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/script.sql';
	open my $out, '>', $file or die "$file: $!";
	print $out $script;
	close $out;
	my ($stdout, $stderr) = ('', '');
	IPC::Run::run(
		[ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('rule_case'), '-f', $file ],
		'>', \$stdout, '2>', \$stderr);
	return join "\n", grep { !/(NOTICE|WARNING|HINT|DETAIL):/ } split /\n/, $stderr;
}

sub schema
{
	my ($stdout, $stderr) = ('', '');
	IPC::Run::run([ 'pg_dump', '-s', '-d', $node->connstr('rule_case') ], '>', \$stdout, '2>', \$stderr)
	  or die $stderr;
	return join "\n", grep { !/^(--|$|\\(un)?restrict )/ } split /\n/, $stdout;
}

# Findings: object => [severity, fix, undo].
sub findings
{
	my ($header) = @_;
	my $ask = join ' ', map { "$_;" } @{ $header->{ask} // [] };
	my $json = $node->safe_psql('rule_case',
		"$ask SELECT json_agg(json_build_array(object, severity, fix, undo, rule, detail) ORDER BY object) FROM advisor.findings");
	$json =~ s/\A.*\n(?=\[\[)//s;
	return {} if $json eq '';
	require JSON::PP;
	my %findings;
	for (@{ JSON::PP->new->decode($json) })
	{
		my $object = $_->[0] =~ s/^query -?\d+$/query N/r;
		$object .= ' (again)' while exists $findings{$object};
		$findings{$object} = [ @$_[ 1 .. 5 ] ];
	}
	return \%findings;
}

# What a case, a fix or an undo has set for the server is not to be seen by the next case.
sub reset_settings
{
	$node->safe_psql('postgres', $_) for 'ALTER SYSTEM RESET ALL', 'SELECT pg_reload_conf()';
	$node->poll_query_until('postgres',
		"SELECT count(*) = 0 FROM pg_settings WHERE sourcefile LIKE '%postgresql.auto.conf'")
	  or die 'settings of the last case are still there';
	return;
}

sub check_fix
{
	my ($rule, $header, $object, $finding) = @_;
	my (undef, $fix, $undo) = @$finding;
	return unless defined $fix;
	my $undo_note = join ' ', @{ $header->{undo} // [] };

	my $before = schema();
	is(run_script($fix), '', "$rule: fix of $object runs") or diag($fix);
	ok(!exists findings($header)->{$object}, "$rule: nothing is found of $object after its fix") or diag($fix);
	ok(defined $undo, "$rule: the fix of $object has an undo") or return;
	is(run_script($undo), '', "$rule: undo of $object runs") or diag($undo);
	is(schema(), $before, "$rule: the schema is what it was after fix and undo of $object")
	  unless $undo_note =~ /differs/;
	ok(exists findings($header)->{$object}, "$rule: $object is found again after the undo")
	  unless $undo_note =~ /stays away/;
	return;
}

for my $rule (@rules)
{
	next if %only && !$only{$rule};
	ok(-f "$cases/$rule.sql", "$rule has a test") or next;
	my $script = slurp_file("$cases/$rule.sql");
	my $header = header($script);
	$node->safe_psql('postgres', 'CREATE DATABASE rule_case TEMPLATE rule_template');
	$node->safe_psql('rule_case', "INSERT INTO advisor.ignored (rule) SELECT rule FROM advisor.rules WHERE rule <> '$rule'");
	my @errors = grep { /ERROR:/ } split /\n/, run_script($script);
	is(scalar @errors, $header->{errors}[0] // 0, "$rule: its database") or diag(join "\n", @errors);
	settle($node); # statistics are complete when the session has ended

	my $found = findings($header);
	my @expected = sort @{ $header->{flags} // [] };
	my %with_severity = map { s/ (critical|warning|notice)$//r => 1 } grep { / (critical|warning|notice)$/ } @expected;
	my @found = sort map { $with_severity{$_} ? "$_ $found->{$_}[0]" : $_ } keys %$found;
	is_deeply(\@found, \@expected, "$rule: flags what it should and nothing else")
	  or diag(join "\n", map { "$_: @{$found->{$_}}[0,3,4]" } sort keys %$found);
	check_fix($rule, $header, $_, $found->{$_}) for sort keys %$found;
	$node->safe_psql('rule_case', $_) for @{ $header->{finally} // [] };
	$node->safe_psql('postgres', 'DROP DATABASE rule_case');
	reset_settings();
}
my %known = map { $_ => 1 } @rules;
for my $file (glob "$cases/*.sql")
{
	my ($rule) = $file =~ m{([^/]+)\.sql$};
	ok($known{$rule}, "$rule, which has a test, is a rule");
}
done_testing();
