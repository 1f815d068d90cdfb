# What must not be kept is not kept: the memory of the extension is searched byte by byte. And nobody reads what is
# not his, in whatever view or function.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('privacy', conf => "password_encryption = 'scram-sha-256'\nlog_statement = none\n");
$node->safe_psql(
	'postgres', q{
	CREATE ROLE alice LOGIN;
	CREATE ROLE bob LOGIN;
	CREATE ROLE monitor LOGIN IN ROLE pg_read_all_stats;
	CREATE TABLE account (id int, owner text, code text, amount int);
	INSERT INTO account SELECT g, 'o' || g, 'c' || g % 5000, g FROM generate_series(1, 40000) g;
	ANALYZE account;
	GRANT SELECT ON account TO alice, bob, monitor;
	CREATE FUNCTION balance(who text) RETURNS bigint LANGUAGE plpgsql AS
		$$ BEGIN RETURN (SELECT sum(amount) FROM account nested WHERE owner = who); END $$;
});
my ($alice, $bob, $monitor) = map { [ extra_params => [ '-U', $_ ] ] } qw(alice bob monitor);

# The part of the server's shared memory that is the extension's. The postmaster's mappings are read as the user the
# server runs as; where the kernel does not allow that the views have to do.
my $postmaster = (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0];

sub extension_memory
{
	my ($start, $size);
	my $row = $node->safe_psql('postgres',
		q{SELECT off, size FROM pg_shmem_allocations WHERE name = 'pg_advisor'});
	($start, $size) = split /\|/, $row;
	my ($segment) =
	  sort { $b->[1] <=> $a->[1] }
	  map { m{^(\w+)-(\w+) \S*s .*(?:/dev/zero|/SYSV|/anon_hugepage)} ? [ hex($1), hex($2) - hex($1) ] : () }
	  split /\n/, slurp_file("/proc/$postmaster/maps");
	open my $memory, '<:raw', "/proc/$postmaster/mem" or return;
	sysseek $memory, $segment->[0] + $start, 0 or return;
	my $content = '';
	while (length($content) < $size)
	{
		sysread($memory, $content, $size - length($content), length($content)) or return;
	}
	close $memory;
	return $content;
}

sub can_look
{
	return -r "/proc/$postmaster/maps" && defined extension_memory();
}

# Constants are there as text or, in query trees, as the numbers of their bytes. Most trees are compressed.
sub found
{
	my ($marker, $memory) = @_;
	$memory //= extension_memory();
	my $spelt = join ' ', map { ord } split //, $marker;      # as in node strings
	return 1 if index($memory, $marker) >= 0 || index($memory, $spelt) >= 0;
	# A compressed node string begins with eight literal bytes.
	my $at = -1;
	while (($at = index($memory, "\0{QUERY :", $at + 1)) >= 0)
	{
		return 1 if index(decompressed(substr($memory, $at, 128 * 1024)), $spelt) >= 0;
	}
	return 0;
}

# As pglz_decompress does; what follows the end of the string comes out as nonsense and does no harm.
sub decompressed
{
	my @in = unpack 'C*', $_[0];
	my $out = '';
	my $i = 0;
	while ($i < @in && length($out) < 32 * 1024)
	{
		my $control = $in[ $i++ ];
		for my $bit (0 .. 7)
		{
			last if $i + 2 >= @in;
			if (!($control >> $bit & 1))
			{
				$out .= chr $in[ $i++ ];
				next;
			}
			my $length = ($in[$i] & 0x0f) + 3;
			my $offset = ($in[$i] & 0xf0) << 4 | $in[ $i + 1 ];
			$i += 2;
			$length += $in[ $i++ ] if $length == 18;
			return $out if $offset == 0 || $offset > length $out;
			$out .= substr($out, -$offset, 1) for 1 .. $length;
		}
	}
	return $out;
}

sub found_in_views
{
	my ($marker, @options) = @_;
	my $content = '';
	for my $what (
		'advisor.statements', 'advisor.seq_scan_hotspots',
		'advisor.index_suggestions',
		q{advisor.evaluate_indexes(ARRAY['CREATE INDEX ON account (code)'])},
		q{advisor.suggestion_queries('CREATE INDEX ON account (code)')})
	{
		my ($rc, $out, $err) = $node->psql('postgres', "SELECT t::text FROM $what t", @options);
		is($rc, 0, "$what can be read") or diag($err);
		$content .= $out . $err;
	}
	return index($content, $marker) >= 0;
}

my $look = can_look();
diag('the memory of the server cannot be read: only views are searched') unless $look;

# Passwords, in every way of writing them.
my $secret = 'Xyzzy' . $$ . 'Plugh';
$node->psql('postgres', $_)
  for (
	"CREATE ROLE carol LOGIN PASSWORD '$secret'",
	"ALTER ROLE carol PASSWORD '$secret'",
	"ALTER USER carol WITH ENCRYPTED PASSWORD \$pw\$$secret\$pw\$",
	"CREATE USER dave PASSWORD E'$secret'",
	"CREATE USER dave PASSWORD '$secret'",        # fails: exists
	"ALTER ROLE nobody_there PASSWORD '$secret'", # fails
	"BEGIN; ALTER ROLE carol PASSWORD '$secret'; SELECT 1/0; COMMIT",
	"DO \$\$ BEGIN CREATE ROLE erin PASSWORD '$secret'; END \$\$",
	"DO \$\$ BEGIN EXECUTE 'ALTER ROLE erin PASSWORD ''$secret'''; END \$\$",
	"DO 'BEGIN CREATE ROLE erin PASSWORD ''$secret''; END'", # fails: exists
	"CREATE ROLE frank PASSWORD '$secret'; CREATE ROLE grace PASSWORD '$secret'",
	"CREATE ROLE heidi PASSWORD '$secret' \\; CREATE ROLE ivan PASSWORD '$secret'",
	"CREATE FUNCTION keeps() RETURNS text LANGUAGE sql AS 'SELECT ''$secret''::text'",
	"CREATE FUNCTION keeps2() RETURNS text RETURN '$secret'",
	"SET pg_advisor.nonsense = '$secret'",
	"SET myapp.token = '$secret'");
settle($node);
ok(!found_in_views($secret), 'no view shows a password');
SKIP:
{
	skip 'no access to memory', 1 unless $look;
	ok(!found($secret), 'no password is in the memory of the extension');
}

# What is kept by default is found by the same search, or it would prove nothing.
my $marker = 'Frobozz' . $$ . 'Gnusto';
my @with_marker = (
	"SELECT count(*) FROM account WHERE code = '$marker'",
	"SELECT count(*) FROM account WHERE code LIKE '$marker%' AND amount > 1",
	"SELECT code || '$marker' FROM account WHERE id = 5",
	"SELECT balance('$marker')",
	"PREPARE p(text) AS SELECT count(*) FROM account WHERE owner = \$1; EXECUTE p('$marker'); EXECUTE p('$marker')",
	"PREPARE q AS SELECT count(*) FROM account WHERE owner = '$marker'; EXECUTE q",
	"INSERT INTO account VALUES (1, '$marker', '$marker', 0); DELETE FROM account WHERE owner = '$marker'",
	"DECLARE c CURSOR WITH HOLD FOR SELECT * FROM account WHERE owner = '$marker'; FETCH c",
	"CREATE TEMP TABLE copied AS SELECT * FROM account WHERE owner = '$marker'",
	"DO \$\$ BEGIN PERFORM 1 FROM account WHERE owner = '$marker'; END \$\$",
	"DO \$\$ BEGIN EXECUTE 'SELECT 1 FROM account WHERE owner = ''$marker'''; END \$\$",
	"DO \$\$ BEGIN EXECUTE 'SELECT 1 FROM account WHERE owner = \$1' USING '$marker'; END \$\$",
	"SELECT 1/0 FROM account WHERE owner < '$marker' || 'z'",
	"SELECT '$marker'::int",
	"COPY (SELECT '$marker') TO STDOUT",
	"EXPLAIN SELECT * FROM account WHERE owner = '$marker'");
$node->psql('postgres', $_) for @with_marker;
settle($node);
ok(found_in_views($marker), 'texts are kept by default');
SKIP:
{
	skip 'no access to memory', 1 unless $look;
	ok(found($marker), 'and the search finds them');
}

# Neither texts nor parameters, from a start on that reads what was saved under the other settings.
$node->append_conf('postgresql.conf', "pg_advisor.sample_texts = off\npg_advisor.sample_parameters = off\n");
$node->stop;
my $file = slurp_file($node->data_dir . '/pg_stat/pg_advisor.stat');
ok(found($marker, $file), 'the saved statistics have constants');
ok(!found($secret, $file), 'but no password');
$node->start;
$postmaster = (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0];
for (1 .. 3) { $node->psql('postgres', $_) for @with_marker }
settle($node);
cmp_ok(
	$node->safe_psql('postgres', q{SELECT count(*) FROM advisor.statements WHERE query LIKE '%account%'}),
	'>', 5, 'the statements are recorded');
ok(!found_in_views($marker), 'no view shows a constant or a parameter');
is($node->safe_psql('postgres', 'SELECT count(*) FROM advisor.statements WHERE example_query IS NOT NULL'),
	'0', 'there is no example');
# A text that was remembered while that was allowed, and runs when it no longer is.
my $late = $marker;
$node->safe_psql('postgres', qq{
	SET pg_advisor.sample_texts = on;
	PREPARE late AS SELECT count(*), min(amount) FROM account WHERE code = '$late' AND amount < 77;
	SET pg_advisor.sample_texts = off;
	EXECUTE late});
settle($node);
is($node->safe_psql('postgres', q{SELECT calls FROM advisor.statements WHERE query ~ 'min\(amount\) FROM account' AND query !~ 'advisor'}),
	'1', 'a statement that was parsed before texts were switched off is recorded');
SKIP:
{
	skip 'no access to memory', 1 unless $look;
	ok(!found($marker), 'no constant and no parameter is in the memory of the extension');
}
# Query trees are compressed there. Numbers in them are masked too: the advice finds no constant to show.
for my $number ('468135791', '-468135791', '- -468135791', '-(468135791)', '- ( - (468135791) )')
{
	$node->safe_psql('postgres', "SELECT count(*) FROM account WHERE amount = $number") for 1 .. 5;
}
settle($node);
ok(!found_in_views('468135791'), 'nor a number, whatever its signs');
SKIP:
{
	skip 'no access to memory', 1 unless $look;
	ok(!found('468135791'), 'not in the memory either');
}

# Passing an off switch on is for superusers.
fails_with($node, 'SET pg_advisor.sample_texts = on', [qr/permission denied to set parameter/], 'sample_texts by alice', @$alice);
fails_with($node, 'SET pg_advisor.sample_parameters = on', [qr/permission denied to set parameter/],
	'sample_parameters by alice', @$alice);

# Who sees what. Bob's statements are hot and get advice; alice asks.
$node->append_conf('postgresql.conf', "pg_advisor.sample_texts = on\npg_advisor.sample_parameters = on\n");
$node->reload;
$node->safe_psql('postgres', 'SELECT advisor.reset()');
my $bobs = 'Bobs' . $$ . 'Marker';
my $bob_sql = join ';',
  (("SELECT count(*) AS of_bob FROM account WHERE code = '$bobs'") x 10),
  "PREPARE p(text) AS SELECT count(*) AS of_bob FROM account WHERE owner = \$1", (("EXECUTE p('$bobs')") x 10),
  "SELECT '$bobs'::int";
$node->psql('postgres', $bob_sql, @$bob);
$node->safe_psql('postgres', q{SELECT count(*) AS of_alice FROM account WHERE id = 77}, @$alice) for 1 .. 5;
settle($node);
my @ids = split /\n/, $node->safe_psql('postgres',
	q{SELECT queryid FROM advisor.statements WHERE userid = 'bob'::regrole});
cmp_ok(scalar @ids, '>=', 2, 'bob ran something');

my $everything = q{
	SELECT t::text FROM advisor.statements t WHERE userid = 'bob'::regrole
	UNION ALL SELECT t::text FROM advisor.seq_scan_hotspots t
	UNION ALL SELECT t::text FROM advisor.index_suggestions t
	UNION ALL SELECT t::text FROM advisor.suggest_indexes(min_improvement => 0) t
	UNION ALL SELECT t::text FROM advisor.evaluate_indexes(ARRAY['CREATE INDEX ON account (code)']) t
	UNION ALL SELECT t::text FROM advisor.suggestion_queries('CREATE INDEX ON account (code)') t};
sub leaks
{
	my (@options) = @_;
	my ($rc, $out, $err) = $node->psql('postgres', $everything, @options);
	is($rc, 0, 'everything can be asked for') or diag($err);
	my %leaks = (marker => index("$out$err", $bobs) >= 0, text => index("$out$err", 'of_bob') >= 0,
		queryid => scalar(grep { index("$out$err", $_) >= 0 } @ids) > 0,
		filter => "$out$err" =~ /(?:owner|code) = \$/ ? 1 : 0);
	return join ' ', grep { $leaks{$_} } sort keys %leaks;
}
is(leaks(@$alice), '', 'alice learns no text, constant, filter or queryid of bob from anything');
is(leaks(@$monitor), 'filter marker queryid text', 'a reader of all statistics does');
like(leaks(@$bob), qr/filter marker queryid text/, 'and bob himself');
is( $node->safe_psql('postgres',
		q{SELECT count(*) FROM advisor.suggest_indexes(min_improvement => 0) WHERE relation = 'account'::regclass AND ddl ~ 'owner|code'},
		@$alice),
	'0', 'the statements of others give alice no advice');
is( $node->safe_psql('postgres',
		q{SELECT bool_or(example_query LIKE '%id = 77%' AND query LIKE '%of_alice%' AND queryid IS NOT NULL)
		  FROM advisor.statements WHERE userid = 'alice'::regrole},
		@$alice),
	't', 'alice sees her own in full');

# Becoming somebody else inside a session does not show more.
is( $node->safe_psql('postgres',
		q{GRANT alice TO bob; SET ROLE alice; SELECT count(*) FROM advisor.statements WHERE userid = 'bob'::regrole AND queryid IS NOT NULL},
		),
	'0', 'a role that was set counts, not the one that logged in');

my $log = slurp_file($node->logfile);
unlike($log, qr/PANIC|TRAP:|was terminated by signal/, 'no crash');
$node->stop;
done_testing();
