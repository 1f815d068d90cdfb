# Without shared_preload_libraries there is no recorded workload: what needs it says so in one clear error
# with a hint, what does not need it works.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('bare', preload => 0);
is($node->safe_psql('postgres', 'SHOW shared_preload_libraries'), '', 'nothing is preloaded');

$node->safe_psql(
	'postgres', q{
	CREATE TABLE parcel (id int PRIMARY KEY, code text, weight int);
	INSERT INTO parcel SELECT g, 'c' || g, g % 50 FROM generate_series(1, 20000) g;
	ANALYZE parcel;
});

my @needs_workload = (
	'SELECT * FROM advisor.statements',
	'SELECT * FROM advisor.seq_scan_hotspots',
	'SELECT * FROM advisor.info',
	'SELECT advisor.reset()',
	'SELECT * FROM advisor.suggest_indexes()',
	q{SELECT * FROM advisor.suggestion_queries('CREATE INDEX ON parcel (code)')},
	'SELECT * FROM advisor.column_usage',
	'SELECT * FROM advisor.index_suggestions');
for my $sql (@needs_workload)
{
	fails_with($node, $sql, [ qr/shared_preload_libraries/, qr/HINT:/ ], $sql);
}

# The review goes on without the recorder, and says once what it lacks.
$node->safe_psql('postgres', 'CREATE TABLE keyless (x int); INSERT INTO keyless VALUES (1); ANALYZE keyless');
is( $node->safe_psql(
		'postgres', "SELECT object FROM advisor.findings WHERE rule = 'table-no-primary-key' AND object = 'public.keyless'"),
	'public.keyless', 'a rule on the catalogs without the recorder');
like(
	$node->safe_psql('postgres', "SELECT object, detail FROM advisor.findings WHERE category = 'advisor'"),
	qr/^input [a-z_, ]+\|[^\n]*shared_preload_libraries[^\n]*$/, 'what is missing is one finding');

# Planning with indexes that do not exist.
my $lookup = q{SELECT * FROM parcel WHERE code = 'c77'};
like($node->safe_psql('postgres', "SELECT * FROM advisor.what_if(\$\$$lookup\$\$)"),
	qr/Seq Scan on parcel/, 'what_if without an index: sequential scan');
like(
	$node->safe_psql('postgres',
		"SELECT * FROM advisor.what_if(\$\$$lookup\$\$, ARRAY['CREATE INDEX ON parcel (code)'])"),
	qr/Index Scan/,
	'what_if with an index: index scan');
unlike($node->safe_psql('postgres', "EXPLAIN $lookup"), qr/Index/, 'the statement itself never sees that index');

is($node->safe_psql('postgres', 'SELECT count(*) FROM advisor.progress'), '0', 'progress is empty, and no error');

# Advice on texts that are given.
my $ddl = $node->safe_psql('postgres',
	"SELECT ddl FROM advisor.suggest_indexes(queries => ARRAY[\$\$$lookup\$\$])");
like($ddl, qr/^CREATE INDEX CONCURRENTLY .*\bON public\.parcel\b.*\bcode\b/, 'suggest_indexes on given queries');
unlike($ddl, qr/\n/, 'one index is enough');
$node->safe_psql('postgres', $ddl);
is( $node->safe_psql('postgres',
		"SELECT count(*) FROM advisor.suggest_indexes(queries => ARRAY[\$\$$lookup\$\$])"),
	'0',
	'nothing more to suggest once it exists');
is( $node->safe_psql(
		'postgres', q{
		SELECT cost_after < cost_before, cardinality(indexes_used) > 0
		FROM advisor.evaluate_indexes(ARRAY['CREATE INDEX ON parcel (weight)'],
			queries => ARRAY['SELECT * FROM parcel WHERE weight = 7'])}),
	't|t',
	'evaluate_indexes on given queries');
is( $node->safe_psql(
		'postgres', q{
		SELECT query, usage FROM advisor.suggestion_queries('CREATE INDEX heavy ON parcel (weight)',
			ARRAY['SELECT * FROM parcel WHERE weight = 7'])}),
	'SELECT * FROM parcel WHERE weight = 7|Bitmap Index Scan on heavy: Index Cond: (weight = 7)',
	'suggestion_queries on given queries');

unlike(slurp_file($node->logfile), qr/PANIC|was terminated by signal/, 'no crash');
$node->stop;
done_testing();
