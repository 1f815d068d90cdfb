# Who sees what: one's own statements fully, others' without text, example and queryid, unless a member of
# pg_read_all_stats; reset is for superusers until granted.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('privileges');
$node->safe_psql(
	'postgres', q{
	CREATE ROLE alice LOGIN;
	CREATE ROLE bob LOGIN;
	CREATE ROLE monitor LOGIN IN ROLE pg_read_all_stats;
	CREATE TABLE ledger (id int, account int, amount int);
	INSERT INTO ledger SELECT g, g % 1000, g FROM generate_series(1, 30000) g;
	ANALYZE ledger;
	GRANT SELECT ON ledger TO alice, bob;
	SELECT advisor.reset();
});
my ($alice, $bob, $monitor) = map { [ extra_params => [ '-U', $_ ] ] } qw(alice bob monitor);

$node->safe_psql('postgres', q{SELECT count(*) AS alice_marker FROM ledger WHERE account = 4711}, @$alice);
$node->safe_psql('postgres', q{SELECT count(*) AS bob_marker FROM ledger WHERE account = 815}, @$bob);
settle($node);

my $seen_by = sub {
	my ($who, $owner) = @_;
	return $node->safe_psql(
		'postgres', qq{
		SELECT bool_and(queryid IS NOT NULL), bool_or(query LIKE '%${owner}_marker%'),
		       coalesce(bool_or(example_query LIKE '%${owner}_marker%'), false),
		       bool_or(query = '<insufficient privilege>'),
		       count(*) > 0, bool_and(calls + errors > 0)
		FROM advisor.statements WHERE userid = '$owner'::regrole}, @$who);
};
is($seen_by->($alice, 'alice'), 't|t|t|f|t|t', 'own statements: text, example and queryid');
is($seen_by->($alice, 'bob'), 'f|f|f|t|t|t', 'statements of others: figures only');
is($seen_by->($monitor, 'bob'), 't|t|t|f|t|t', 'pg_read_all_stats: everything');
is($seen_by->([], 'bob'), 't|t|t|f|t|t', 'superuser: everything');
is( $node->safe_psql(
		'postgres',
		q{SELECT count(*) FROM advisor.statements
		  WHERE userid = 'bob'::regrole
		    AND (queryid IS NOT NULL OR example_query IS NOT NULL OR query <> '<insufficient privilege>')},
		@$alice),
	'0',
	'not one row of another user leaks a queryid, an example or a text');

# Constants and column names of others' filters are texts too.
my $hotspots =
  $node->safe_psql('postgres', 'SELECT query, filter, verdict FROM advisor.seq_scan_hotspots', @$alice);
like($hotspots, qr/alice_marker/, 'hotspots show own texts');
unlike($hotspots, qr/bob_marker|\b815\b/, 'hotspots hide the texts of others');
is( $node->safe_psql(
		'postgres',
		q{SELECT coalesce(bool_and(queryid IS NULL), true) FROM advisor.seq_scan_hotspots
		  WHERE relation = 'ledger'::regclass AND query NOT LIKE '%alice_marker%'},
		@$alice),
	't',
	'hotspots hide the queryids of others');
like($node->safe_psql('postgres', 'SELECT query FROM advisor.seq_scan_hotspots', @$monitor),
	qr/bob_marker/, 'hotspots show them to pg_read_all_stats');

# So does what explains an index: its conditions are texts as well.
my $explain = q{SELECT query, usage FROM advisor.suggestion_queries('CREATE INDEX ON ledger (account)')};
my $explained = $node->safe_psql('postgres', $explain, @$alice);
like($explained, qr/alice_marker.*account = 4711/, 'suggestion_queries shows own statements');
unlike($explained, qr/bob_marker|\b815\b/, 'suggestion_queries leaves out those of others');
like($node->safe_psql('postgres', $explain), qr/account = 815/, 'suggestion_queries shows them to a superuser');
fails_with($node, $explain, [qr/permission denied for table ledger/],
	'suggestion_queries without SELECT on the table', @$monitor);

my $denied = qr/permission denied for function/;
fails_with($node, 'SELECT advisor.reset()', [$denied], 'reset by an ordinary user', @$alice);
fails_with($node, 'SELECT advisor.reset()', [$denied], 'reset by a reader of all statistics', @$monitor);
is($seen_by->([], 'alice'), 't|t|t|f|t|t', 'nothing was reset');

$node->safe_psql('postgres', 'GRANT EXECUTE ON FUNCTION advisor.reset TO alice');
$node->safe_psql('postgres', 'SELECT advisor.reset()', @$alice);
is( $node->safe_psql('postgres', q{SELECT count(*) FROM advisor.statements WHERE userid = 'bob'::regrole}),
	'0',
	'reset works for whom it was granted');

# No way in through search_path: the extension's objects belong to its owner and nobody may add to its schema.
fails_with($node, 'CREATE TABLE advisor.mine (id int)', [qr/permission denied for schema advisor/],
	'an ordinary user creates nothing in the schema', @$alice);

$node->stop;
done_testing();
