# What the extension must not be talked into: failing a user's statement, telling statistics of tables the caller
# may not read, running another user's code as the caller, living in somebody else's schema.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('hostile');
$node->safe_psql(
	'postgres', q{
	CREATE ROLE mallory LOGIN;
	CREATE ROLE monitor LOGIN IN ROLE pg_read_all_stats;
	CREATE TABLE secret (id int, pin int);
	INSERT INTO secret SELECT g, g % 100 FROM generate_series(1, 20000) g;
	ANALYZE secret;
	CREATE PROCEDURE other_strings(t text) LANGUAGE plpgsql
		AS $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$;
});
my ($mallory, $monitor) = map { [ extra_params => [ '-U', $_ ] ] } qw(mallory monitor);

is($node->safe_psql('postgres', q{CALL other_strings('ends in a backslash \\');} . q{SELECT 'alive'}),
	'alive', 'a text that cannot be scanned again does no harm');

is($node->safe_psql('postgres', q{CALL other_strings('x') \; COMMENT ON SCHEMA public IS 'a backslash \\' \; SELECT 'alive'}),
	'alive', 'nor does a utility statement with such a text');

# The scanner has its say once.
my $long = 'a' x 70;
for my $sql ("CREATE TABLE $long (i int)", "SELECT 1 - 1 AS $long", "DROP TABLE $long", 'SELECT count(*) FROM advisor.statements')
{
	my ($rc, $out, $err) = $node->psql('postgres', $sql);
	my $notices = () = $err =~ /NOTICE/g;
	is($notices, $sql =~ /$long/ ? 1 : 0, 'no notice is repeated: ' . substr($sql, 0, 12));
}

my $denied = qr/permission denied for table secret/;
fails_with($node, q{SELECT * FROM advisor.suggest_indexes(ARRAY['SELECT * FROM secret WHERE pin = 5'])},
	[$denied], 'costs of a table one may not read', @$mallory);
fails_with($node, q{SELECT * FROM advisor.estimate_index('CREATE INDEX ON secret (pin) WHERE pin = 5')},
	[$denied], 'index size of a table one may not read', @$mallory);

# A function that tells who runs it, in a statement that is planned again by somebody else.
$node->safe_psql(
	'postgres', q{
	CREATE TABLE spied (who text);
	GRANT ALL ON spied TO PUBLIC;
	CREATE SCHEMA den AUTHORIZATION mallory;
	SELECT advisor.reset();
});
$node->safe_psql(
	'postgres', q{
	CREATE FUNCTION den.spy(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql
		AS $$ BEGIN RAISE WARNING 'spy runs as %', current_user; RETURN i; END $$;
	SELECT count(*) FROM spied WHERE length(who) = den.spy(1)}, @$mallory);
settle($node);
my ($rc, $out, $err) =
  $node->psql('postgres', 'SELECT count(*) FROM advisor.suggest_indexes()', @$monitor);
is($rc, 0, 'advice for a reader of all statistics');
unlike($err, qr/spy runs as monitor/, 'code of others does not run as the caller');

$node->safe_psql('postgres', 'DROP EXTENSION pg_advisor; DROP SCHEMA IF EXISTS advisor; CREATE SCHEMA advisor AUTHORIZATION mallory');
fails_with($node, 'CREATE EXTENSION pg_advisor', [qr/belongs to another user/], 'a schema made beforehand');

$node->stop;
done_testing();
