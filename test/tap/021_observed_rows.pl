# Counted rows: they outlive a restart, and what they say does not depend on who reads it.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('observed_rows', conf => "max_parallel_workers_per_gather = 0\njit = off\npg_advisor.sample_rate = 1\n");
$node->safe_psql(
	'postgres', q{
	CREATE TABLE big AS SELECT g AS id, g % 20 AS a, g % 20 AS b, g % 20 AS c, repeat('x', 40) AS pad
		FROM generate_series(1, 100000) g;
	CREATE TABLE detail AS SELECT (g::bigint * 7919) % 100000 + 1 AS big_id, g % 100 AS amount, repeat('y', 300) AS pad
		FROM generate_series(1, 100000) g;
	VACUUM ANALYZE big, detail;
	SELECT advisor.reset();
});

sub query
{
	my ($n) = @_;
	return "SELECT sum(d.amount) FROM big JOIN detail d ON d.big_id = big.id "
	  . "WHERE a = $n AND b = $n AND c = $n AND d.pad > ''";
}

sub advice
{
	my ($out, $notices);
	$node->psql('postgres', q{SELECT count(*) FROM advisor.suggest_indexes() WHERE relation = 'detail'::regclass},
		stdout => \$out, stderr => \$notices);
	return "$out " . ($notices =~ /withheld.*public\.detail USING btree \(big_id\)/ ? 'withheld' : 'not named');
}

$node->safe_psql('postgres', query($_)) for 3 .. 5;
is(advice(), '0 withheld', 'an index that counted rows speak against is withheld and named');
settle($node);
$node->restart;
is(advice(), '0 withheld', 'as well after a restart');

# The planner did not know the values, and advice plans with them.
$node->safe_psql('postgres', 'SELECT advisor.reset()');
$node->safe_psql('postgres',
	    "SET plan_cache_mode = force_generic_plan; PREPARE q AS "
	  . "SELECT sum(d.amount) FROM big JOIN detail d ON d.big_id = big.id "
	  . q{WHERE a = $1 AND b = $1 AND c = $1 AND d.pad > ''; EXECUTE q(3); EXECUTE q(4); EXECUTE q(5);});
is((split / /, advice())[1], 'not', 'estimates of generic plans are not compared');

done_testing();
