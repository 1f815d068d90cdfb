# The comparison of advisor.statements with pg_stat_statements, both loaded in one server.
#
# What differs on purpose is listed in %deliberate with its reason. Where the other one is wrong, the tests state
# the right figure themselves.
package Truth;

use strict;
use warnings;

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

our @EXPORT = qw(in_both_orders forget same counts states);

my $node;
my $version;     # of the server
my $planning;    # pg_stat_statements.track_planning

# Differences that are meant, as SQL over the joined row: a is ours, b theirs, text what either shows.
my %deliberate = (
	# What these two statements are about.
	'statements about the extensions' => q{text ~ 'advisor\.|pg_stat_statements'},
	# Planned, but never executed: by EXPLAIN, PREPARE or an error. Ours are listed when they ran or failed.
	'never executed' => q{a.queryid IS NULL AND b.calls = 0},
	# Failed each time: theirs counts no errors, and has a row at most for having planned it.
	'nothing but errors' => q{b.queryid IS NULL AND a.calls = 0 AND a.errors > 0
		AND (a.plans = 0 OR NOT current_setting('pg_stat_statements.track_planning')::bool)},
	# They count an execution for EXPLAIN without ANALYZE, which executes nothing.
	'EXPLAIN alone' => q{a.queryid IS NULL AND NOT b.toplevel AND b.query ~* 'explained_only' AND b.rows = 0},
	# Rules, bodies of SQL-standard functions and, before 18, the queries inside DECLARE, COPY and CREATE TABLE AS
	# have no query id. Ours computes one, theirs leaves them out. (Bodies of functions have no text either.)
	'statements without a query id' => q{b.queryid IS NULL AND NOT a.toplevel AND coalesce(a.query, '') ~ '^$|unidentified'},
	# A portal that a function left open: its statement is the function's, of the user that it ran as. Theirs takes
	# level and user of the moment when it is closed, after the end of the client's statement or transaction.
	'portals that outlive their function' => q{text ~ 'outliving'},
	# From 18 on they have an id. Theirs takes the level of the moment when the cursor is closed: none at the end of the
	# transaction.
	'cursors' => q{current_setting('server_version_num')::int >= 180000 AND text ~ '^DECLARE .* unidentified'},
	# Executed while another statement is planned: not a client's. Before 17 theirs says it is.
	'inside the planner' => q{current_setting('server_version_num')::int < 170000 AND text ~ 'in_planning'});

# Every figure that both have. Constants of utility statements are masked in ours (passwords), not always in theirs, which
# from 17 on also has $n for names: of savepoints, of settings' values.
my $comparison = q{
	WITH a AS MATERIALIZED (SELECT * FROM advisor.statements),
	     b AS MATERIALIZED (SELECT * FROM pg_stat_statements),
	     pair AS (
		SELECT coalesce(a.query, b.query) AS text, a.queryid IS NOT NULL AS ours, b.queryid IS NOT NULL AS theirs,
		       coalesce(a.toplevel, b.toplevel) AS toplevel, a, b, %1$s AS excused
		FROM a FULL JOIN b USING (userid, dbid, toplevel, queryid))
	SELECT left(translate(text, E'\\n', ' '), 120), toplevel, figure, left(ours, 300), left(theirs, 300) FROM (
		SELECT text, toplevel, figure, v.ours, v.theirs, (b).plans > 0 AS planned
		FROM pair, LATERAL (VALUES
			('calls', (a).calls::text, (b).calls::text),
			('plans', (a).plans::text, (b).plans::text),
			('rows', (a).rows::text, (b).rows::text),
			('shared_blks_hit', (a).shared_blks_hit::text, (b).shared_blks_hit::text),
			('shared_blks_read', (a).shared_blks_read::text, (b).shared_blks_read::text),
			('shared_blks_dirtied', (a).shared_blks_dirtied::text, (b).shared_blks_dirtied::text),
			('shared_blks_written', (a).shared_blks_written::text, (b).shared_blks_written::text),
			('temp_blks_read', (a).temp_blks_read::text, (b).temp_blks_read::text),
			('temp_blks_written', (a).temp_blks_written::text, (b).temp_blks_written::text),
			('wal_records', (a).wal_records::text, (b).wal_records::text),
			('wal_bytes', (a).wal_bytes::text, (b).wal_bytes::text),
			('query', (a).query, (b).query)) AS v (figure, ours, theirs)
		WHERE pair.ours AND pair.theirs AND NOT excused AND v.ours IS DISTINCT FROM v.theirs
		UNION ALL
		SELECT text, toplevel, 'only in ours', (a).calls::text, NULL, false FROM pair WHERE NOT theirs AND NOT excused
		UNION ALL
		SELECT text, toplevel, 'only in theirs', NULL, (b).calls::text, false FROM pair WHERE NOT ours AND NOT excused) d
	WHERE (figure = 'query' AND text !~* '^\s*(WITH|SELECT(?! .* INTO made_too)|INSERT|UPDATE|DELETE|MERGE|VALUES|TABLE)\M'
			AND regexp_replace(ours, $re$%3$s$re$, '?', 'gi') ~ ('^' || %4$s || '$')) IS NOT TRUE
	  AND (%2$s) IS NOT TRUE
	ORDER BY text, toplevel, figure};

my $literal = q{\$(\w*)\$.*\$\1\$|[EBX]?'([^']|'')*'|\m\d+(\.\d+)?\M|\$\d+};

# Theirs as a regular expression.
my $with_any_name = <<'SQL';
regexp_replace(regexp_replace(regexp_replace(theirs, $re$%s$re$, '?', 'gi'),
	$re$([][{}()|.*+?^$\\])$re$, $re$\\\1$re$, 'g'), $re$\\\?$re$, $re$\\S+$re$, 'g')
SQL

# What only we have must at least make sense: these hold for every row.
my $nonsense = q{
	SELECT 'text: ' || left(query, 200) FROM advisor.statements
	WHERE calls > 0 AND NOT (min_exec_time >= 0 AND min_exec_time <= mean_exec_time * 1.000001
		AND mean_exec_time <= max_exec_time * 1.000001 AND total_exec_time >= max_exec_time
		AND abs(total_exec_time - calls * mean_exec_time) <= 0.000001 * total_exec_time + 0.000001
		AND stddev_exec_time >= 0 AND stddev_exec_time <= max_exec_time - min_exec_time + 0.000001
		AND p50_exec_time >= min_exec_time AND p50_exec_time <= p95_exec_time AND p95_exec_time <= p99_exec_time
		AND p99_exec_time <= max_exec_time)
	   OR total_plan_time < 0 OR (plans = 0) <> (total_plan_time = 0) OR first_seen > last_seen
	   OR (errors = 0) <> (last_sqlstate IS NULL) OR example_query = ''};

sub forget
{
	settle($node);
	$node->safe_psql('postgres', 'SELECT advisor.reset(), pg_stat_statements_reset()');
	return;
}

# same(name, figures => 'SQL condition'): the two agree, but for figures (over text and figure) that may differ.
sub same
{
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($name, %options) = @_;
	settle($node);
	my $excused = join(' OR ', map { "coalesce(($_), false)" } values %deliberate);
	$excused =~ s/\btext\b/coalesce(a.query, b.query)/g;
	# With track_planning theirs adds the blocks and the WAL of planning to those of executing; ours never does.
	my $differs = $planning
	  ? q{figure ~ '^(shared_blks|temp_blks|wal)_' AND planned AND theirs::numeric > ours::numeric}
	  : q{figure = 'plans'};
	$differs .= " OR ($options{figures})" if defined $options{figures};
	# Before 16 theirs has the rows of a portal's last fetch only.
	$differs .= q{ OR (text ~ 'in_portal' AND figure = 'rows' AND NOT toplevel)} if $version < 160000;
	# From 18 on the role is no part of what SET ROLE is told by: which one a text shows is a matter of order.
	$differs .= q{ OR (text ~ '^SET ROLE' AND figure = 'query')} if $version >= 180000;
	my $sql = sprintf($comparison, $excused, $differs, $literal, sprintf($with_any_name, $literal));
	is($node->safe_psql('postgres', $sql), '', "$name: the same figures");
	is($node->safe_psql('postgres', $nonsense), '', "$name: figures that make sense");
	my $compared = $node->safe_psql('postgres',
		'SELECT count(*) FROM advisor.statements JOIN pg_stat_statements USING (userid, dbid, toplevel, queryid)');
	cmp_ok($compared, '>', $options{least} // 3, "$name: $compared statements were compared");
	return;
}

# calls, rows and errors of the statements that match, from advisor.statements.
sub counts
{
	my ($pattern) = @_;
	return $node->safe_psql('postgres',
		"SELECT sum(calls), sum(rows), sum(errors) FROM advisor.statements WHERE coalesce(query, '') ~ \$re\$$pattern\$re\$ AND coalesce(query, '') !~ 'advisor\\.'");
}

# Their error codes.
sub states
{
	my ($pattern) = @_;
	return $node->safe_psql('postgres',
		"SELECT string_agg(DISTINCT last_sqlstate, ',') FROM advisor.statements WHERE coalesce(query, '') ~ \$re\$$pattern\$re\$ AND coalesce(query, '') !~ 'advisor\\.'");
}

# in_both_orders(name, code): runs code(node) in a server of its own for each order of loading.
sub in_both_orders
{
	my ($name, $code) = @_;
	chomp(my $libdir = `pg_config --pkglibdir`);
	plan skip_all => 'pg_stat_statements is not installed' unless -f "$libdir/pg_stat_statements.so";

	for my $order ('pg_stat_statements, pg_advisor', 'pg_advisor, pg_stat_statements')
	{
		$planning = $order =~ /^pg_advisor/ ? 1 : 0;
		# Little memory, so that blocks are read, written and spilled.
		$node = new_node(
			$name . ($planning ? '_before' : '_after'),
			conf => qq{
shared_preload_libraries = '$order'
pg_stat_statements.track = all
pg_stat_statements.track_planning = $planning
shared_buffers = 2MB
work_mem = 64kB
max_prepared_transactions = 5
});
		$node->safe_psql('postgres', 'CREATE EXTENSION pg_stat_statements');
		$version = $node->safe_psql('postgres', 'SHOW server_version_num');
		note("loaded as $order");
		$code->($node);
		is($node->safe_psql('postgres', 'SELECT dealloc FROM advisor.info'), '0', 'nothing was evicted');
		unlike(slurp_file($node->logfile), qr/PANIC|was terminated by signal/, 'no crash');
		$node->stop;
	}
	return;
}

1;
