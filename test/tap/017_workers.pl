# Work that no client does by itself: parallel workers, autovacuum, logical replication, pg_dump.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('workers', allows_streaming => 'logical',
	conf => "wal_level = logical\nautovacuum = on\nautovacuum_naptime = 1s\nmax_worker_processes = 16\n");
$node->safe_psql('postgres', q{
	CREATE TABLE big AS SELECT g AS n, g % 100 AS k, repeat('x', 50) AS filler FROM generate_series(1, 60000) g;
	ANALYZE big});

# Parallel workers: one call, the rows of all workers.
my $parallel = q{SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
	SET max_parallel_workers_per_gather = 2; };
like($node->safe_psql('postgres', $parallel . 'EXPLAIN (ANALYZE, COSTS OFF) SELECT count(*) FROM big WHERE k = 3'),
	qr/Workers Launched: [12]/, 'workers run');
$node->safe_psql('postgres', $parallel . 'SELECT count(*) AS in_parallel FROM big WHERE k = 3;' x 3);
settle($node);
is( $node->safe_psql('postgres',
		q{SELECT count(*), sum(calls), sum(rows), sum(seq_rows_read) FROM advisor.statements WHERE query LIKE '%AS in_parallel%'}),
	'1|3|3|180000',
	'an execution with workers is one call, and its scan is the whole scan');

# Autovacuum, with a function in an index that has a query of its own.
$node->safe_psql('postgres', q{
	CREATE FUNCTION twice(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
		$$ DECLARE r int; BEGIN SELECT i * 2 INTO r; RETURN r; END $$;
	CREATE TABLE churn (n int) WITH (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0,
		autovacuum_analyze_threshold = 0, autovacuum_analyze_scale_factor = 0);
	CREATE INDEX ON churn (twice(n));
	INSERT INTO churn SELECT g FROM generate_series(1, 500) g;
	DELETE FROM churn WHERE n % 2 = 0});
ok( $node->poll_query_until('postgres',
		q{SELECT autovacuum_count > 0 AND autoanalyze_count > 0 FROM pg_stat_all_tables WHERE relname = 'churn'}),
	'autovacuum does its work');

# Logical replication: the subscriber applies rows, with a trigger that runs statements.
my $subscriber = new_node('subscriber', conf => "max_worker_processes = 16\n");
$_->safe_psql('postgres', 'CREATE TABLE mirrored (id int PRIMARY KEY, v text)') for $node, $subscriber;
$subscriber->safe_psql('postgres', q{
	CREATE TABLE audit (id int);
	CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
		$$ BEGIN INSERT INTO public.audit AS by_trigger VALUES (NEW.id); RETURN NEW; END $$;
	CREATE TRIGGER noted AFTER INSERT ON mirrored FOR EACH ROW EXECUTE FUNCTION note();
	ALTER TABLE mirrored ENABLE ALWAYS TRIGGER noted});
$node->safe_psql('postgres', q{INSERT INTO mirrored SELECT g, 'before' FROM generate_series(1, 100) g; CREATE PUBLICATION pub FOR TABLE mirrored});
my $connection = $node->connstr('postgres');
$connection =~ s/'/''/g;
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION sub CONNECTION '$connection' PUBLICATION pub");
ok( $subscriber->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_subscription_rel WHERE srsubstate = 'r'}),
	'the tables are copied');
$node->safe_psql('postgres', q{
	INSERT INTO mirrored SELECT g, 'after' FROM generate_series(101, 300) g;
	UPDATE mirrored SET v = 'changed' WHERE id <= 50;
	DELETE FROM mirrored WHERE id > 290});
$node->wait_for_catchup('sub');
is($subscriber->safe_psql('postgres', q{SELECT count(*), count(*) FILTER (WHERE v = 'changed') FROM mirrored}),
	'290|50', 'changes are applied');
ok( $subscriber->poll_query_until('postgres',
		q{SELECT coalesce(sum(calls), 0) >= 199 FROM advisor.statements WHERE query LIKE 'INSERT INTO public.audit%'}),
	'what triggers do in an apply worker is counted');
unlike(slurp_file($subscriber->logfile), qr/ERROR:|exited with exit code/, 'the apply worker had no error');
$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION sub');

# pg_dump of a database with the extension, while statements run, and back.
my $dump = PostgreSQL::Test::Utils::tempdir . '/dump.sql';
my $bench = start_pgbench($node, 'SELECT count(*) AS during_dump FROM big WHERE k = 5', qw(-c 4 -T 60));
$node->poll_query_until('postgres', q{SELECT count(*) = 4 FROM pg_stat_activity WHERE application_name = 'bench'})
  or die 'pgbench did not get to work';
$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('postgres') ], 'pg_dump while statements are recorded');
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bench'});
$bench->{run}->finish;
like(slurp_file($dump), qr/CREATE EXTENSION IF NOT EXISTS pg_advisor WITH SCHEMA/, 'the dump has the extension');
unlike(slurp_file($dump), qr/CREATE (?:FUNCTION|VIEW) advisor\./, 'and not what belongs to it');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
my ($out, $err) = ('', '');
ok( IPC::Run::run([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('restored') ], '>', \$out, '2>', \$err),
	'the dump can be restored')
  or diag($err);
is($node->safe_psql('restored', 'SELECT count(*) FROM advisor.info'), '1', 'the restored extension works');
is( $node->safe_psql('restored', 'SELECT count(*) FROM big') . ' ' . $node->safe_psql('postgres', 'SELECT count(*) FROM big'),
	'60000 60000', 'so do the tables');

for my $server ($node, $subscriber)
{
	unlike(slurp_file($server->logfile), qr/PANIC|TRAP:|was terminated by signal|XX000/, 'no crash of ' . $server->name);
	$server->stop;
}
done_testing();
