# The scripts for partitioned tables, run by psql -f as they are printed: partitions of partitions, in other schemas, with
# names that need quotes, with an index that is there already (on a leaf and on a partitioned partition), and foreign
# tables among them. Every index is valid afterwards and used, and the undo leaves what was there before.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('partitions', conf => "max_parallel_workers_per_gather = 0\n");
my $dir = PostgreSQL::Test::Utils::tempdir;
append_to_file("$dir/old.csv", join('', map { "$_,5,o\n" } 1 .. 50));

# Runs the text by psql -f, statement by statement, stopping at the first error.
sub run_script
{
	my ($text, $name) = @_;
	(my $file = "$dir/$name.sql") =~ s/ /_/g;
	append_to_file($file, "$text;\n");
	$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', $file ], $name);
	return;
}

# The definitions of all indexes; of those that are part of another, with the other's name instead of their own, which the
# server chooses when it creates them together.
my $definitions = q{SELECT coalesce(i.inhparent::regclass || ' has ' || x.indrelid::regclass, pg_get_indexdef(x.indexrelid))
	|| CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END
	FROM pg_index x LEFT JOIN pg_inherits i ON i.inhrelid = x.indexrelid WHERE x.indrelid >= 16384 ORDER BY 1};

# advise(query, name): asks, runs the script, looks, runs the undo. Returns the script and what was there meanwhile.
sub advise
{
	my ($query, $name) = @_;
	my $before = $node->safe_psql('postgres', $definitions);
	my $ask = "FROM advisor.suggest_indexes(ARRAY['$query'], max_indexes => 1)";
	my $ddl = $node->safe_psql('postgres', "SELECT ddl $ask");
	my $undo = $node->safe_psql('postgres', "SELECT undo $ask");
	isnt($ddl, '', "$name: an index is suggested");
	run_script($ddl, "$name ddl");
	my $during = $node->safe_psql('postgres', $definitions);
	unlike($during, qr/INVALID/, "$name: every index is valid");
	is($node->safe_psql('postgres', "SELECT count(*) $ask WHERE action = 'create'"), 0, "$name: nothing more is to be created");
	run_script($undo, "$name undo");
	is($node->safe_psql('postgres', $definitions), $before, "$name: the undo leaves what was there");
	return ($ddl, $during);
}

$node->safe_psql(
	'postgres', qq{
	CREATE EXTENSION file_fdw;
	CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
	CREATE SCHEMA "Old ON ONLY";
	CREATE TABLE public."Sales" (k int, "Value" int, w text) PARTITION BY RANGE (k);
	CREATE TABLE "Old ON ONLY"."p 1" PARTITION OF "Sales" FOR VALUES FROM (0) TO (10000);
	CREATE TABLE "p""2" (w text, gone int, "Value" int, k int);
	ALTER TABLE "p""2" DROP COLUMN gone;
	ALTER TABLE "Sales" ATTACH PARTITION "p""2" FOR VALUES FROM (10000) TO (20000);
	CREATE TABLE "Old ON ONLY".sub PARTITION OF "Sales" FOR VALUES FROM (20000) TO (40000) PARTITION BY RANGE (k);
	CREATE TABLE sub_a PARTITION OF "Old ON ONLY".sub FOR VALUES FROM (20000) TO (30000);
	CREATE TABLE "Old ON ONLY".sub_b PARTITION OF "Old ON ONLY".sub FOR VALUES FROM (30000) TO (40000);
	CREATE TABLE hollow PARTITION OF "Sales" FOR VALUES FROM (40000) TO (50000) PARTITION BY RANGE (k);
	INSERT INTO "Sales" SELECT g, g % 4000, 'w' FROM generate_series(0, 39999) g;
	VACUUM ANALYZE "Sales";
});
my $query = 'SELECT * FROM "Sales" WHERE "Value" = 5';
my ($ddl, $during) = advise($query, 'two levels');
is(() = $ddl =~ /CREATE INDEX CONCURRENTLY/g, 4, 'an index for each leaf');

$node->safe_psql('postgres', q{CREATE INDEX "mine ON ONLY" ON "p""2" ("Value")});
($ddl) = advise($query, 'leaf has one');
is(() = $ddl =~ /CREATE INDEX CONCURRENTLY/g, 3, 'no duplicate for the leaf that has one');
like($ddl, qr/ATTACH PARTITION public\."mine ON ONLY"/, 'it is attached');

$node->safe_psql('postgres', q{CREATE INDEX "sub ON ONLY x" ON "Old ON ONLY".sub ("Value")});
($ddl) = advise($query, 'partitioned partition has one');
is(() = $ddl =~ /CREATE INDEX CONCURRENTLY/g, 1, 'nor for the leaves below one that has it');
$node->safe_psql('postgres', q{DROP INDEX "mine ON ONLY", "Old ON ONLY"."sub ON ONLY x"});

# an index in the other direction is another one
$node->safe_psql('postgres', q{CREATE INDEX backwards ON sub_a ("Value" DESC)});
($ddl) = advise($query, 'other direction');
is(() = $ddl =~ /CREATE INDEX CONCURRENTLY/g, 4, 'an index of another direction is not attached');

# foreign tables, on both levels; the server attaches an index of any direction then
$node->safe_psql(
	'postgres', qq{
	CREATE FOREIGN TABLE away PARTITION OF "Sales" FOR VALUES FROM (50000) TO (60000)
	SERVER files OPTIONS (filename '$dir/old.csv', format 'csv');
	CREATE FOREIGN TABLE deep PARTITION OF hollow FOR VALUES FROM (40000) TO (50000)
	SERVER files OPTIONS (filename '$dir/old.csv', format 'csv')});
($ddl) = advise($query, 'foreign partitions');
unlike($ddl, qr/away|deep/, 'no index on a foreign table');
like($ddl, qr/;\nCREATE INDEX "Sales_Value_idx" ON public\."Sales" USING btree \("Value"\)$/,
	'the index of the whole comes last');
is(() = $ddl =~ /CREATE INDEX CONCURRENTLY/g, 3, 'leaves have theirs before');

$node->stop;
done_testing();
