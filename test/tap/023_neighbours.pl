# Other extensions loaded beside this one, in several orders: nothing breaks, query ids are those that
# pg_stat_statements has, and the advice is the same as without them.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

# What must be in shared_preload_libraries; the extensions that are created for it, and its settings.
my %preloaded = (
	pg_stat_statements => { extensions => ['pg_stat_statements'], conf => 'pg_stat_statements.track = all' },
	auto_explain => { conf => "auto_explain.log_min_duration = 0\nauto_explain.log_analyze = on\nauto_explain.log_nested_statements = on" },
	pg_qualstats => { extensions => ['pg_qualstats'], conf => 'pg_qualstats.sample_rate = 1' },
	pg_stat_kcache => { extensions => ['pg_stat_kcache'] },
	pg_wait_sampling => { extensions => ['pg_wait_sampling'] },
	pg_cron => { extensions => ['pg_cron'], conf => "cron.database_name = 'postgres'" },
	pgaudit => { extensions => ['pgaudit'], conf => "pgaudit.log = 'read, write'" },
	plpgsql_check => { extensions => ['plpgsql_check'], conf => 'plpgsql_check.mode = every_start' },
	pg_hint_plan => { extensions => ['pg_hint_plan'] });
my @created = qw(hypopg postgis);

my $library_dir = qx($ENV{PG_CONFIG} --pkglibdir);
my $share_dir = qx($ENV{PG_CONFIG} --sharedir);
chomp($library_dir, $share_dir);
my @libraries = grep { -e "$library_dir/$_.so" } sort keys %preloaded;
@created = grep { -e "$share_dir/extension/$_.control" } @created;
note("beside pg_advisor: @libraries; created only: @created");
my %here = map { $_ => 1 } @libraries, @created;
my @absent = grep { !$here{$_} } sort(keys %preloaded), qw(hypopg postgis);
note("not installed: @absent") if @absent;
ok($here{pg_stat_statements}, 'pg_stat_statements is here to be compared with');

my $tables = q{
	CREATE TABLE parcel (id int PRIMARY KEY, town text, weight int, sent date);
	CREATE TABLE stop (parcel_id int, place int, note text);
	INSERT INTO parcel SELECT g, 'town ' || g % 800, g % 97, date '2026-01-01' + g % 300 FROM generate_series(1, 20000) g;
	INSERT INTO stop SELECT g % 20000, g % 50, md5(g::text) FROM generate_series(1, 40000) g;
	CREATE FUNCTION heavy(above int) RETURNS bigint LANGUAGE plpgsql AS
		$$ BEGIN RETURN (SELECT count(*) FROM parcel WHERE weight > above AND sent = '2026-03-01'); END $$;
	VACUUM ANALYZE parcel, stop;};
my $work = join ';', (
	'SELECT * FROM parcel WHERE town = $$town 7$$',
	'SELECT count(*) FROM parcel JOIN stop ON parcel_id = id WHERE town = $$town 9$$ AND place IN (1, 2, 3)',
	'SELECT * FROM parcel WHERE weight = 5 ORDER BY sent LIMIT 3',
	'SELECT heavy(90)',
	'UPDATE stop SET note = $$seen$$ WHERE parcel_id = 77') x 3;
my $advice = q{SELECT rank, ddl FROM advisor.index_suggestions ORDER BY rank};

# What the two disagree about: ids or calls of the statements above.
my $differences = q{
	WITH ours AS (SELECT * FROM advisor.statements WHERE query ~ '(parcel|stop|heavy)' AND query !~ '(advisor|pg_stat)\.'),
	     theirs AS (SELECT * FROM pg_stat_statements WHERE query ~ '(parcel|stop|heavy)' AND query !~ '(advisor|pg_stat)\.')
	SELECT coalesce(ours.query, theirs.query), ours.queryid, theirs.queryid, ours.calls, theirs.calls
	FROM ours FULL JOIN theirs USING (userid, dbid, queryid, toplevel) WHERE ours.calls IS DISTINCT FROM theirs.calls};

sub run_work
{
	my ($node) = @_;
	$node->safe_psql('postgres', 'SELECT advisor.reset()');
	$node->safe_psql('postgres', $work);
	settle($node);
	return $node->safe_psql('postgres', $advice);
}

my $alone = new_node('alone');
$alone->safe_psql('postgres', $tables);
my $expected = run_work($alone);
$alone->stop;
like($expected, qr/CREATE INDEX.*town/, 'there is advice without neighbours');

my $node = new_node('neighbours');
my @middle = @libraries;
splice @middle, @middle / 2, 0, 'pg_advisor';
my %orders = (
	'first' => [ 'pg_advisor', @libraries ],
	'last' => [ @libraries, 'pg_advisor' ],
	'in the middle' => \@middle,
	'in the middle, the others the other way round' => [ reverse @middle ]);
# pg_stat_kcache wants to come after pg_stat_statements, in any order of the others.
sub allowed
{
	my ($order) = @_;
	return map { $_ eq 'pg_stat_kcache' ? () : $_ eq 'pg_stat_statements' && $here{pg_stat_kcache} ? ($_, 'pg_stat_kcache') : $_ } @$order;
}
$node->append_conf('postgresql.conf', "compute_query_id = on\nmax_worker_processes = 20");
$node->append_conf('postgresql.conf', $preloaded{$_}{conf}) for grep { defined $preloaded{$_}{conf} } @libraries;

my $prepared = 0;
for my $order (sort keys %orders)
{
	$node->append_conf('postgresql.conf', "shared_preload_libraries = '" . join(', ', allowed($orders{$order})) . "'");
	$node->stop;
	my $from = -s $node->logfile;
	ok($node->start(fail_ok => 1), "$order: the server starts") or last;
	if (!$prepared++)
	{
		for my $extension ((map { @{ $preloaded{$_}{extensions} // [] } } @libraries), @created)
		{
			# postgis will not be installed while pgaudit logs
			my ($rc, undef, $err) =
				$node->psql('postgres', "SET pgaudit.log = none; CREATE EXTENSION IF NOT EXISTS $extension CASCADE");
			is($rc, 0, "$extension: created") or diag($err);
		}
		$node->safe_psql('postgres', $tables);
	}
	$node->safe_psql('postgres', 'SELECT pg_stat_statements_reset()');
	is(run_work($node), $expected, "$order: the same advice");
	is($node->safe_psql('postgres', $differences), '', "$order: ids and calls are those of pg_stat_statements");
	is(join("\n", grep { /PANIC|terminated by signal|ERROR: / } split /\n/, slurp_file($node->logfile, $from)), '',
		"$order: no error and no crash");
}

# Two kinds of indexes that do not exist, in one session: neither sees the other's. (auto_explain cannot name those of
# hypopg and is out of the way.)
SKIP:
{
	skip 'hypopg is not installed', 2 unless $here{hypopg};
	my $town = q{SELECT * FROM parcel WHERE town = 'town 7'};
	my $plan = $node->safe_psql('postgres', qq{
		SET auto_explain.log_min_duration = -1;
		SELECT FROM hypopg_create_index('CREATE INDEX ON parcel (weight)');
		SELECT * FROM advisor.what_if(\$\$$town\$\$, ARRAY['CREATE INDEX ON parcel (town)']);
		EXPLAIN SELECT * FROM parcel WHERE weight = 5 AND id < 100000;});
	like($plan, qr/<hypothetical> parcel_town_idx/, 'what_if beside an index of hypopg');
	like($plan, qr/<\d+>btree_parcel_weight/, 'which hypopg still sees after it');
}

# Advice on a table with a type and an operator class of an extension.
SKIP:
{
	skip 'postgis is not installed', 1 unless $here{postgis};
	$node->safe_psql('postgres', q{
		CREATE TABLE shop (id int, place geometry(Point));
		INSERT INTO shop SELECT g, ST_MakePoint(g % 300, g % 173) FROM generate_series(1, 20000) g;
		VACUUM ANALYZE shop;});
	like($node->safe_psql('postgres', q{
		SELECT ddl FROM advisor.suggest_indexes(ARRAY['SELECT id FROM shop WHERE place && ST_MakeEnvelope(3, 3, 4, 4)'])}),
		qr/gist \(place\)/, 'an index on a geometry');
}

$node->stop;
done_testing();
