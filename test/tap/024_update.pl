# ALTER EXTENSION UPDATE: an older definition works with this library, and what it becomes is what a new installation
# is, with the user's choices kept. As long as there is one version, a made-up next one proves the way.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $conf = $ENV{ADVISOR_TEST_CONF} ? slurp_file($ENV{ADVISOR_TEST_CONF}) : '';
my ($stage) = $conf =~ m{^dynamic_library_path = '(/.*?/stage)/}m;
plan skip_all => 'needs a staged extension' unless defined $stage;

# A copy of what is staged, which has another version.
my $copy = PostgreSQL::Test::Utils::tempdir_short();
system('cp', '-R', "$stage/.", $copy) == 0 or die 'cannot copy the staged extension';
$conf =~ s/\Q$stage\E/$copy/g;
chomp(my $control = qx(find $copy -name pg_advisor.control));
my $dir = $control =~ s{/[^/]*$}{}r;
my $text = slurp_file($control);
my ($current) = $text =~ /^default_version = '(.*)'/m;
my $next = "$current-next";
$text =~ s/^default_version = .*/default_version = '$next'/m;
unlink $control or die;
append_to_file($control, $text);
append_to_file("$dir/pg_advisor--$current--$next.sql", "CREATE FUNCTION advisor.made_up() RETURNS text LANGUAGE sql AS \$\$ SELECT 'next' \$\$;\n");

my $node = PostgreSQL::Test::Cluster->new('update');
$node->init;
$node->append_conf('postgresql.conf', $conf);
$node->start;

# All that belongs to the extension, with what functions and views are.
my $objects = q{
	SELECT string_agg(concat_ws(' ', pg_describe_object(classid, objid, objsubid), prosrc, pg_get_function_result(p.oid),
			proacl::text, relacl::text, CASE relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END), E'\n' ORDER BY classid, objid::text)
	FROM (SELECT pg_describe_object(classid, objid, objsubid), classid, objid, objsubid FROM pg_depend
			WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e') d
		LEFT JOIN pg_proc p ON classid = 'pg_proc'::regclass AND p.oid = objid
		LEFT JOIN pg_class c ON classid = 'pg_class'::regclass AND c.oid = objid};
sub sorted { return join "\n", sort split /\n/, $_[0]; }

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION pg_advisor');
my $fresh = sorted($node->safe_psql('fresh', $objects));
like($fresh, qr/made_up/, 'a new installation has the newest version');

my $choices = q{SELECT (SELECT string_agg(i::text, ';') FROM advisor.ignored i), (SELECT string_agg(t::text, ';') FROM advisor.thresholds t)};
my @versions = sort map { m/--([^-]+)\.sql$/ ? $1 : () } glob "$dir/pg_advisor--*.sql";
ok((grep { $_ eq $current } @versions), "there is a script for $current");
for my $version (@versions)
{
	(my $database = "from_$version") =~ tr/./_/;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, qq{
		CREATE EXTENSION pg_advisor VERSION '$version';
		CREATE TABLE parcel (id int, town text);
		SELECT advisor.ignore('table-no-primary-key', 'public.parcel', 'a log');
		SELECT advisor.set_threshold('wide-table', 'notice_above', 77);
		CREATE VIEW seen AS SELECT queryid, calls FROM advisor.statements;
		SELECT count(*) FROM parcel});
	settle($node);
	is($node->safe_psql($database, q{SELECT sum(calls) > 0 FROM seen}), 't', "$version: works with this library");
	my $chosen = $node->safe_psql($database, $choices);
	$node->safe_psql($database, 'ALTER EXTENSION pg_advisor UPDATE');
	is($node->safe_psql($database, q{SELECT extversion FROM pg_extension WHERE extname = 'pg_advisor'}), $next, "$version: updated");
	is(sorted($node->safe_psql($database, $objects)), $fresh, "$version: to what a new installation is");
	is($node->safe_psql($database, $choices), $chosen, "$version: ignored findings and thresholds are kept");
	is($node->safe_psql($database, q{SELECT sum(calls) > 0 FROM seen}), 't', "$version: views on it still work");
}
$node->stop;
done_testing();
