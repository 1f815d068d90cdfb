# advisor.progress: others see in which phase the advice of a session is and what it has found, its own user and
# pg_read_all_stats see more than that it is there, and nothing stays behind however it ends. No more calls are seen
# than there are slots, without harm to those that are not.
#
# The advice is held in a phase: planning its statement calls a function that waits in it, without being in a lock's
# queue, for what the advisor plans gives up at a lock. That it waits shows in pg_locks.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('progress', conf => "max_connections = 60\n");
$node->safe_psql(
	'postgres', q{
	CREATE ROLE alice LOGIN;
	CREATE ROLE monitor LOGIN IN ROLE pg_read_all_stats;
	CREATE TABLE parcel (id int PRIMARY KEY, a int, b int, c int);
	INSERT INTO parcel SELECT g, g % 3000, g % 1000, g FROM generate_series(1, 20000) g;
	ANALYZE parcel;
	GRANT SELECT ON parcel TO alice;
	CREATE FUNCTION held() RETURNS int LANGUAGE plpgsql IMMUTABLE AS
	$$ BEGIN
		IF EXISTS (SELECT FROM advisor.progress
			WHERE pid = pg_backend_pid() AND phase = current_setting('progress_test.phase')) THEN
			PERFORM pg_advisory_xact_lock_shared(4712);
			WHILE NOT pg_try_advisory_xact_lock_shared(4711) LOOP
				PERFORM pg_sleep(0.1);
			END LOOP;
		END IF;
		RETURN 7;
	END $$;
});
# several for one table: so that the search has to ask for plans that pruning did not
my $ask = q{SELECT count(*) > 0 FROM advisor.suggest_indexes(ARRAY['SELECT * FROM parcel WHERE a = held()',
	'SELECT * FROM parcel WHERE b = held() AND c = 3', 'SELECT * FROM parcel WHERE b = held() ORDER BY c'])};

my $holder = IPC::Run::start([ 'psql', '-X', '-c', q{SELECT pg_advisory_lock(4711), pg_sleep(600)}, $node->connstr('postgres') ],
	'>', \my $holder_out, '2>', \my $holder_err);
$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND granted})
  or die 'the lock is not taken';

# ask_held(number of sessions, user, number that wait, phase): sessions whose advice waits for the lock.
sub ask_held
{
	my ($sessions, $user, $waiting, $phase) = @_;
	my $run = { out => [], err => [] };
	for my $i (0 .. $sessions - 1)
	{
		push @{ $run->{runs} },
		  IPC::Run::start([ 'psql', '-XAtq', '-U', $user, '-c', "SET progress_test.phase = $phase", '-c', $ask, $node->connstr('postgres') ],
			'>', \$run->{out}[$i], '2>', \$run->{err}[$i], IPC::Run::timer(180));
	}
	$node->poll_query_until('postgres',
		"SELECT count(*) = $waiting FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712")
	  or die 'the sessions do not wait';
	return $run;
}

sub rows { return $node->safe_psql('postgres', 'SELECT count(*) FROM advisor.progress', @_); }

my $alice = [ extra_params => [ '-U', 'alice' ] ];
my $one = ask_held(1, 'postgres', 1, 'collecting');
is($node->safe_psql('postgres', 'SELECT usename, phase FROM advisor.progress'), 'postgres|collecting', 'one row');
is($node->safe_psql('postgres', 'SELECT usename, phase, started FROM advisor.progress', @$alice),
	'postgres||', 'of which others see that it is there');
is($node->safe_psql('postgres', 'SELECT usename, phase FROM advisor.progress', extra_params => [ '-U', 'monitor' ]),
	'postgres|collecting', 'and pg_read_all_stats everything');
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(pid) FROM advisor.progress');
$_->finish for @{ $one->{runs} };
like($one->{err}[0], qr/terminating connection/, 'it is terminated');
$node->poll_query_until('postgres', q{SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712});
is(rows(), '0', 'its row goes with it');

for my $phase ('pruning', 'searching')
{
	my $run = ask_held(1, 'postgres', 1, $phase);
	is( $node->safe_psql(
			'postgres', q{
			SELECT datname, phase, statements_done || '/' || statements_total, candidates > 0, planner_calls > 0,
				cost_best < cost_before / 2, started > now() - interval '10 minutes', time_limit
			FROM advisor.progress}),
		"postgres|$phase|3/3|t|t|" . ($phase eq 'searching' ? 't' : '') . '|t|00:00:30',
		"$phase: what is known by then");
	$node->safe_psql('postgres', 'SELECT pg_cancel_backend(pid) FROM advisor.progress');
	$_->finish for @{ $run->{runs} };
	like($run->{err}[0], qr/canceling statement due to user request/, "$phase: it is cancelled");
	is(rows(), '0', "$phase: its row is gone");
}
fails_with($node, q{SELECT * FROM advisor.suggest_indexes('{SELECT FROM nowhere}')}, [qr/none of the statements/], 'an error');
is(rows(), '0', 'an error leaves no row');

my $many = ask_held(35, 'alice', 32, 'collecting');
is(rows(), '32', 'as many rows as there are slots');
is($node->safe_psql('postgres', 'SELECT count(DISTINCT pid) FROM advisor.progress WHERE usename = $$alice$$ AND phase IS NOT NULL', @$alice),
	'32', 'one of each session, and one sees all of one\'s own');
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND mode = 'ExclusiveLock'});
$_->finish for @{ $many->{runs} };
is_deeply($many->{out}, [ ("t\n") x 35 ], 'those without a slot are advised as well');
is(rows(), '0', 'all rows are gone');
eval { $holder->finish };

unlike(slurp_file($node->logfile), qr/PANIC|was terminated by signal/, 'no crash');
$node->stop;
done_testing();
