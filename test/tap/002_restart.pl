# The server restarts with the library: cleanly, after a crash, and info answers each time.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('restart');
my $info = q{SELECT version, started_at <= now(), statements >= 0, statements_max > 0, dealloc >= 0,
	memory_bytes > 0, memory_bytes <= memory_limit_bytes, samples_dropped >= 0 FROM advisor.info};
my $version = $node->safe_psql('postgres',
	q{SELECT extversion FROM pg_extension WHERE extname = 'pg_advisor'});
my $healthy = "$version|t|t|t|t|t|t|t";

is($node->safe_psql('postgres', $info), $healthy, 'info of a new server');

$node->safe_psql('postgres', 'SELECT 41 + 1 AS seen_before_restart') for 1 .. 3;
settle($node);
my $calls = q{SELECT coalesce(sum(calls), 0) FROM advisor.statements WHERE query LIKE '%AS seen_before_restart'};
is($node->safe_psql('postgres', $calls), '3', 'calls are counted');

$node->restart;
is($node->safe_psql('postgres', $info), $healthy, 'info after a restart');
is($node->safe_psql('postgres', $calls), '0', 'counts start anew with the server');
$node->safe_psql('postgres', 'SELECT 41 + 1 AS seen_before_restart');
settle($node);
is($node->safe_psql('postgres', $calls), '1', 'and are recorded again');

# After a crash nothing is promised but a server that works.
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', $info), $healthy, 'info after a crash');
$node->safe_psql('postgres', 'SELECT 1 AS after_crash');
settle($node);
is( $node->safe_psql('postgres', q{SELECT sum(calls) FROM advisor.statements WHERE query LIKE '%AS after_crash'}),
	'1',
	'records again after a crash');

# A bounded table stays bounded, and the server comes up with other sizes too.
$node->append_conf('postgresql.conf', 'pg_advisor.max_statements = 100');
$node->restart;
$node->safe_psql('postgres', join(';', map { "SELECT 1 AS column_$_" } 1 .. 300));
settle($node);
is($node->safe_psql('postgres', 'SELECT statements <= statements_max, statements_max FROM advisor.info'),
	't|100', 'never more statements than asked for');

unlike(slurp_file($node->logfile), qr/PANIC|was terminated by signal (?!9)/, 'no crash of its own');
$node->stop;
done_testing();
