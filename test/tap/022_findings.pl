# The review as a whole: it survives pg_dump, waits for nobody, takes no strong lock, can be cancelled, and tells an
# ordinary role nothing of what it may not use.
use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use AdvisorNode;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_node('findings', conf => "autovacuum = off\npg_advisor.flush_interval = 0\nrestart_after_crash = on\n");
my @rows = ("SELECT rule, object, reason FROM advisor.ignored ORDER BY 1, 2", "SELECT rule, name, value FROM advisor.thresholds ORDER BY 1, 2");

# Dump and restore.
$node->safe_psql('postgres', 'CREATE DATABASE source');
$node->safe_psql(
	'source', q{
	CREATE EXTENSION pg_advisor;
	CREATE TABLE log (at timestamptz);
	CREATE TABLE keyless (x int);
	INSERT INTO log VALUES (now());
	INSERT INTO keyless SELECT generate_series(1, 60);
	ANALYZE;
	SELECT advisor.ignore('table-no-primary-key', 'public.log', 'a log');
	SELECT advisor.ignore('seqscan-hotspot');
	SELECT advisor.ignore(object => 'public."Odd one"');
	SELECT advisor.set_threshold('table-no-primary-key', 'min_rows', 50);
});
my $dump = PostgreSQL::Test::Utils::tempdir . '/source.sql';
$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('source') ], 'pg_dump');
$node->safe_psql('postgres', 'CREATE DATABASE target');
$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('target') ], 'restored');
is($node->safe_psql('target', $_), $node->safe_psql('source', $_), "the same after it: $_") for @rows;
$node->safe_psql('target', 'ANALYZE');
is( $node->safe_psql('target', "SELECT object FROM advisor.findings WHERE rule = 'table-no-primary-key'"),
	'public.keyless',
	'and it holds');

# Privileges. The secret is a table name, a column name and values that statistics know.
$node->safe_psql(
	'postgres', q{
	CREATE ROLE reviewer LOGIN;
	GRANT USAGE ON SCHEMA advisor TO reviewer;
	CREATE SCHEMA private_schema;
	CREATE TABLE private_schema.salaries_secret (who_secret text, paid_secret int);
	INSERT INTO private_schema.salaries_secret SELECT 'name_secret' || g % 3, g FROM generate_series(1, 20000) g;
	CREATE TABLE shared_part (id int, open_column int, hidden_secret text);
	INSERT INTO shared_part SELECT g, g, 'value_secret' || g % 5 FROM generate_series(1, 20000) g;
	CREATE TABLE row_secured (id int, note text);
	INSERT INTO row_secured SELECT g, 'row_secret' || g % 5 FROM generate_series(1, 20000) g;
	ALTER TABLE row_secured ENABLE ROW LEVEL SECURITY;
	GRANT SELECT (id, open_column) ON shared_part TO reviewer;
	GRANT SELECT ON row_secured TO reviewer;
	CREATE ROLE other_secret;
	ALTER ROLE other_secret SET work_mem = '1GB';
	CREATE TABLE parts_secret (at date, v int) PARTITION BY RANGE (at);
	CREATE TABLE parts_secret_1 PARTITION OF parts_secret FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
	CREATE TABLE rest_secret PARTITION OF parts_secret DEFAULT;
	INSERT INTO parts_secret VALUES ('2026-01-01', 1);
	ANALYZE;
});
for my $i (1 .. 30)
{
	$node->safe_psql('postgres', "SELECT who_secret FROM private_schema.salaries_secret WHERE paid_secret = $i;
		SELECT hidden_secret FROM shared_part WHERE id = $i AND hidden_secret LIKE '%x$i'");
}
# The role's own statements read the secret through a view.
$node->safe_psql('postgres', 'CREATE VIEW open_view AS SELECT paid_secret AS paid FROM private_schema.salaries_secret; GRANT SELECT ON open_view TO reviewer');
$node->safe_psql('postgres', "SELECT count(*) FROM open_view WHERE paid = $_", extra_params => [ '-U', 'reviewer' ]) for 1 .. 30;
settle($node);
my $everything = q{SELECT concat_ws(' ', rule, object, title, detail, evidence, fix, undo) FROM advisor.findings};
like($node->safe_psql('postgres', $everything), qr/salaries_secret/, 'the owner is told of the table');
my $told = $node->safe_psql('postgres', $everything, extra_params => [ '-U', 'reviewer' ]);
unlike($told, qr/_secret/, 'an ordinary role is told neither names nor values of what it may not use');
like($told, qr/shared_part/, 'but of the table that it may use in part');
unlike($told, qr/postgresql\.(auto\.)?conf|ALTER SYSTEM/, 'nor of files of the server');
is( $node->safe_psql('postgres', "SELECT count(*) FROM advisor.findings WHERE category = 'advisor'", extra_params => [ '-U', 'reviewer' ]),
	'0', 'no rule fails for want of a privilege');

# The hot spots by themselves: no table that the role may not read, and of the others no statement of somebody else.
my $scans = q{SELECT concat_ws(' ', s.*) FROM advisor.seq_scan_hotspots s};
like($node->safe_psql('postgres', $scans), qr/salaries_secret/, 'the owner is told of the scans of the table');
my $scans_told = $node->safe_psql('postgres', $scans, extra_params => [ '-U', 'reviewer' ]);
unlike($scans_told, qr/_secret/, 'an ordinary role is not');
like($scans_told, qr/shared_part/, 'but of those of a table it may read in part');
$node->safe_psql('postgres', 'GRANT SELECT ON private_schema.salaries_secret TO reviewer');
unlike(
	$node->safe_psql('postgres', $scans, extra_params => [ '-U', 'reviewer' ]),
	qr/salaries_secret/, 'SELECT on a table is of no use without its schema');
$node->safe_psql('postgres', 'REVOKE SELECT ON private_schema.salaries_secret FROM reviewer; CREATE ROLE monitor LOGIN; GRANT pg_read_all_stats TO monitor');
like(
	$node->safe_psql('postgres', $scans, extra_params => [ '-U', 'monitor' ]),
	qr/salaries_secret.*paid_secret/, 'who may read all statistics sees all, with the statements');

# The review makes one search for its hot spots and its suggestions; they are those of the views.
my %columns = (
	seq_scan_hotspots => 'relation, queryid, filter, seq_scans, rows_read, severity, suggested_index, verdict',
	suggest_indexes => 'rank, action, target AS relation, ddl, undo, index_bytes, improvement, queryids, reason');
for my $source (sort keys %columns)
{
	my $of_view = $columns{$source} =~ s/target AS //r;
	my $view = $source eq 'suggest_indexes' ? "$source()" : $source;
	my $wanted = $source eq 'suggest_indexes' ? 'rank IS NOT NULL' : 'verdict IS NOT NULL';
	my $unrecorded = 'SET pg_advisor.track = none'; # the questions must not change the answers
	is( $node->safe_psql('postgres', "$unrecorded; SELECT $columns{$source} FROM advisor.workload_advice() WHERE $wanted"),
		$node->safe_psql('postgres', "$unrecorded; SELECT $of_view FROM advisor.$view"),
		"the review has the rows of $source");
}

# Another session holds the strongest lock on a table and all that belongs to it.
$node->safe_psql(
	'postgres', q{
	CREATE TABLE held (id int, at timestamptz DEFAULT now(), n int CHECK (n > 0)) ;
	CREATE UNIQUE INDEX held_expression ON held ((id + 1)) WHERE n > 5;
	INSERT INTO held SELECT g, now(), g FROM generate_series(1, 1000) g;
	ANALYZE held;
});
my $before = $node->safe_psql('postgres', 'SELECT rule, object FROM advisor.findings ORDER BY 1, 2');
like($before, qr/public\.held/, 'something is found of the table');
my $holder = $node->background_psql('postgres');
$holder->query_safe('BEGIN; LOCK TABLE held, shared_part, parts_secret, parts_secret_1, rest_secret IN ACCESS EXCLUSIVE MODE');
my $during = $node->safe_psql('postgres', "SET statement_timeout = '60s'; SELECT rule, object FROM advisor.findings ORDER BY 1, 2");
is( join("\n", grep { /table-no-primary-key/ } split /\n/, $during),
	join("\n", grep { /table-no-primary-key/ && !/held|shared_part|parts_secret/ } split /\n/, $before),
	'the same as before, but for the locked tables');
is( $node->safe_psql('postgres', "SELECT count(*) FROM advisor.findings WHERE category = 'advisor'"),
	'0', 'no rule fails because a table is locked');
$holder->query_safe('ROLLBACK');
$holder->quit;

# Locks: in one transaction, what it holds while and after it asks. Only catalogs and the advisor's own views, to read.
is( $node->safe_psql(
		'postgres', q{
		BEGIN;
		CREATE TEMP TABLE seen ON COMMIT DROP AS SELECT count(*) FROM advisor.findings;
		SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
		WHERE l.pid = pg_backend_pid() AND c.oid <> 'seen'::regclass AND c.relnamespace <> pg_my_temp_schema()
		  AND (l.mode <> 'AccessShareLock' OR c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'advisor'::regnamespace))
		  AND c.relname !~ '^pg_';
		COMMIT;
	}),
	'0', 'no lock on a user\'s table is left, nor one stronger than ACCESS SHARE');

# An index that is being built, rebuilt or dropped is invalid for as long as the command waits for a writer; what it leaves
# behind when it is cancelled is a finding.
$node->safe_psql('postgres', 'CREATE TABLE building (id int); INSERT INTO building SELECT generate_series(1, 1000); GRANT SELECT ON building TO reviewer');
my $invalid = q{SELECT object FROM advisor.findings WHERE rule = 'index-invalid' ORDER BY 1};
my $marked = q{SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'building'::regclass AND NOT i.indisvalid};
my $waiting = q{SELECT pid FROM pg_stat_activity WHERE query LIKE '%INDEX CONCURRENTLY%' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()};

# Runs a command that has to wait for a writer; afterwards it goes on or is cancelled.
sub while_it_waits
{
	my ($command, $index, $ending) = @_;
	my $writer = $node->background_psql('postgres');
	$writer->query_safe('BEGIN; INSERT INTO building VALUES (0)');
	my $worker = $node->background_psql('postgres', on_error_stop => 0);
	$worker->query_until(qr/begins/, "\\echo begins\n$command;\n");
	$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM ($waiting) w") or die "$command does not wait";
	is($node->safe_psql('postgres', $marked), $index, "$command: marked invalid");
	is($node->safe_psql('postgres', $invalid), '', "$command: no finding");
	is($node->safe_psql('postgres', $invalid, extra_params => [ '-U', 'reviewer' ]), '', "$command: nor for a role that sees no progress");
	$node->safe_psql('postgres', "SELECT pg_cancel_backend(pid) FROM ($waiting) w") if $ending eq 'cancelled';
	$writer->query_safe('ROLLBACK') if $ending eq 'goes on';
	$node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE '%INDEX CONCURRENTLY%' AND state = 'active' AND pid <> pg_backend_pid()")
	  or die "$command does not end";
	$writer->query_safe('ROLLBACK') if $ending eq 'cancelled';
	$_->quit for $worker, $writer;
	return;
}
while_it_waits('CREATE INDEX CONCURRENTLY building_id ON building (id)', 'building_id', 'goes on');
while_it_waits('REINDEX INDEX CONCURRENTLY building_id', 'building_id_ccnew', 'goes on');
is($node->safe_psql('postgres', $invalid), '', 'nothing is left when they have ended');
while_it_waits('DROP INDEX CONCURRENTLY building_id', 'building_id', 'cancelled');
is($node->safe_psql('postgres', $invalid), 'public.building_id', 'a DROP that was cancelled leaves a finding');
$node->safe_psql('postgres', 'DROP INDEX building_id');
while_it_waits('CREATE INDEX CONCURRENTLY building_id ON building (id)', 'building_id', 'cancelled');
is($node->safe_psql('postgres', $invalid), 'public.building_id', 'a CREATE that was cancelled, too');

# Cancelled: by statement_timeout, which answers like pg_cancel_backend. A cross join makes it long enough to be hit.
my ($rc, $out, $err) = $node->psql('postgres',
	"SET statement_timeout = '1ms'; SELECT count(*) FROM advisor.findings f, advisor.findings g");
isnt($rc, 0, 'statement_timeout ends it');
like($err, qr/canceling statement due to statement timeout/, 'and says so, not a finding of a rule that failed');
is($node->safe_psql('postgres', "SELECT count(*) > 0 FROM advisor.findings"), 't', 'the next call answers');

# Dead rows that an old transaction keeps: the finding names it.
$node->safe_psql('postgres', q{
	SELECT advisor.set_threshold('vacuum-overdue', 'min_dead', 1000), advisor.set_threshold('vacuum-overdue', 'held_minutes', 0);
	CREATE TABLE churned AS SELECT g AS id FROM generate_series(1, 1000) g;
	ANALYZE churned;
	DO $$ BEGIN FOR i IN 1 .. 4 LOOP UPDATE churned SET id = id + 1; END LOOP; END $$;
});
settle($node);
my $overdue = q{SELECT severity, detail FROM advisor.findings WHERE rule = 'vacuum-overdue' AND object = 'public.churned'};
like($node->safe_psql('postgres', $overdue), qr/^notice\|.*autovacuum is off/, 'dead rows that nobody vacuums');
my $old = $node->background_psql('postgres');
$old->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
like($node->safe_psql('postgres', $overdue), qr/^warning\|.*held back by a transaction that session \d+ began/, 'nor could');
$old->query_safe('ROLLBACK');
$old->quit;

# A session that is killed leaves its temporary tables behind.
my $orphaned = q{SELECT object FROM advisor.findings WHERE rule = 'temp-table-orphaned'};
is($node->safe_psql('postgres', "CREATE TEMP TABLE own (x int); $orphaned"), '', 'temporary tables of a session are its own');
$node->psql('postgres', q{CREATE TEMP TABLE left_behind (x int); COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'});
$node->poll_query_until('postgres', 'SELECT true') or die 'the server does not come back';
like($node->safe_psql('postgres', $orphaned), qr/^pg_temp_\d+$/, 'after a crash they are found');
$node->safe_psql('postgres', $node->safe_psql('postgres', q{SELECT fix FROM advisor.findings WHERE rule = 'temp-table-orphaned'}));
is($node->safe_psql('postgres', $orphaned), '', 'and dropped by the fix');

# What other extensions bring is their business: with all of contrib, no rule fails and nothing of theirs is found.
$node->safe_psql('postgres', 'CREATE DATABASE contrib');
$node->safe_psql('contrib', 'CREATE EXTENSION pg_advisor');
$node->psql('contrib', "CREATE EXTENSION IF NOT EXISTS \"$_\" CASCADE")
    for split /\n/, $node->safe_psql('contrib', q{SELECT name FROM pg_available_extensions WHERE name <> 'pg_advisor' ORDER BY 1});
my $present = $node->safe_psql('contrib', 'SELECT count(*) FROM pg_extension');
cmp_ok($present, '>', 30, "$present extensions");
is($node->safe_psql('contrib', q{SELECT rule, object FROM advisor.findings WHERE object IS NOT NULL AND category <> 'settings'}), '',
    'nothing is found of them');

done_testing();
