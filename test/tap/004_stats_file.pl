# The statistics file: who may read it, when it goes away, and that no file whatever stops the server.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use AdvisorNode;

my $node = new_node('stats_file');
my $data = $node->data_dir;
my $file = "$data/pg_stat/pg_advisor.stat";
my $bad = "$file.bad";

sub calls_of
{
	my ($name) = @_;
	return $node->safe_psql('postgres',
		"SELECT coalesce(sum(calls), 0) FROM advisor.statements WHERE query LIKE '%AS $name'");
}

sub saved
{
	my ($name) = @_;
	return -e $file && slurp_file($file) =~ /1 AS $name/ ? 1 : 0;
}

sub wait_for
{
	my ($what, $condition) = @_;
	for (1 .. 1800)
	{
		return pass($what) if $condition->();
		select undef, undef, undef, 0.1;
	}
	return fail($what);
}

sub mode_of { return sprintf '%04o', (stat $_[0])[2] & 07777; }

sub set
{
	$node->append_conf('postgresql.conf', join("\n", @_));
	$node->reload;
	return;
}

# Whole and private, also in a cluster that its group may read.
ok(!-e $file, 'a new server has no file');
$node->safe_psql('postgres', named('kept')) for 1 .. 2;
settle($node);
$node->stop;
is(mode_of($file), '0600', 'only the owner may read the file');
ok(!-e "$file.tmp", 'nothing temporary is left');
chmod_recursive($data, 0750, 0640);
$node->start;
is(calls_of('kept'), '2', 'the file is read');
ok(-e $file, 'and kept, for a crash');
$node->restart;
is(mode_of($file), '0600', 'the group may not read it even where it may read the cluster');
chmod_recursive($data, 0700, 0600);

# What was reset is gone from the disk too.
$node->safe_psql('postgres', named('forgotten'));
settle($node);
$node->restart;
ok(saved('forgotten'), 'a statement is in the file');
append_to_file($bad, named('forgotten'));
my $id = $node->safe_psql('postgres', q{SELECT queryid FROM advisor.statements WHERE query LIKE '%AS forgotten'});
$node->safe_psql('postgres', "SELECT advisor.reset(0, 0, $id)");
ok(!saved('forgotten') && !-e $bad, 'a reset of one statement takes it off the disk');
wait_for('the others are soon written again', sub { saved('kept') });
ok(!saved('forgotten'), 'without that one');
crash($node);
is(calls_of('forgotten') . calls_of('kept'), '02', 'a crash does not bring it back, nor loses the others');
$node->safe_psql('postgres', 'SELECT advisor.reset()');
ok(!saved('kept'), 'a reset of all removes the file');
crash($node);
is(calls_of('kept'), '0', 'a crash after it brings nothing back');
$node->safe_psql('postgres', 'SELECT advisor.reset()');
my $reset_at = $node->safe_psql('postgres', 'SELECT stats_reset FROM advisor.info');
$node->restart;
is($node->safe_psql('postgres', 'SELECT stats_reset FROM advisor.info'), $reset_at, 'the time of the reset is kept');

# Saves and resets at the same time: the last reset wins.
set('pg_advisor.save_interval = 1');
for my $round (1 .. 3)
{
	$node->safe_psql('postgres', named('raced') . '; ' . join('; ', map { "UNLISTEN channel_$_" } 1 .. 300));
	settle($node);
	wait_for("round $round: saved", sub { saved('raced') });
	$node->safe_psql('postgres', 'SELECT advisor.reset()');
	sleep 1;
	ok(!saved('raced'), "round $round: and gone");
}

# Switched off: nothing on disk, nothing kept.
$node->safe_psql('postgres', named('unsaved'));
settle($node);
wait_for('saved while that is on', sub { saved('unsaved') });
set('pg_advisor.save = off');
wait_for('switching it off removes the file', sub { !-e $file });
$node->restart;
ok(!-e $file, 'nothing is written at shutdown');
is(calls_of('unsaved'), '0', 'nothing is kept');
set('pg_advisor.save = on', 'pg_advisor.save_interval = 300');
$node->restart;
ok(-e $file, 'switched on it is written again');

# The saver can be ended without harm.
my $saver = sub { return qx(ps -eo pid=,ppid=,args=) =~ /^\s*(\d+)\s+\Q$_[0]\E\s.*pg_advisor saver/m ? $1 : undef; };
my ($postmaster) = slurp_file("$data/postmaster.pid") =~ /^(\d+)/;
SKIP:
{
	skip 'no /proc for ps', 2 unless -e '/proc/self';
	wait_for('the saver runs', sub { defined $saver->($postmaster) });
	kill 'TERM', $saver->($postmaster);
	wait_for('and ends when told to', sub { !defined $saver->($postmaster) });
}
$node->safe_psql('postgres', named('without_saver'));
settle($node);
$node->restart;
is(calls_of('without_saver'), '1', 'the postmaster saves without it');

# A disk that cannot be written: said once per attempt, and no harm.
$node->safe_psql('postgres', named('unlucky'));
mkdir "$file.tmp" or die;
my $from = -s $node->logfile;
$node->restart;
like(slurp_file($node->logfile, $from), qr/could not create file "pg_stat\/pg_advisor\.stat\.tmp"/, 'a failed save is logged');
is(calls_of('without_saver') . calls_of('unlucky'), '10', 'the file of before is used');
rmdir "$file.tmp" or die;

# Something that is no file of ours.
sub start_with
{
	my ($name, $prepare, $reason) = @_;
	$node->stop;
	unlink $bad;
	$prepare->();
	$from = -s $node->logfile;
	$node->start;
	my @lines = grep { /statistics file/ } split /\n/, slurp_file($node->logfile, $from);
	is(scalar @lines, 1, "$name: one line") or diag(@lines);
	like($lines[0] // '', $reason, "$name: the reason");
	ok(-e $bad && !-e $file, "$name: put aside");
	is(calls_of('without_saver'), '0', "$name: not used");
	return;
}
sub write_file
{
	my ($content) = @_;
	open my $out, '>:raw', $file or die "$file: $!";
	print $out $content;
	close $out or die;
	return;
}
$node->safe_psql('postgres', named('without_saver'));
start_with('unreadable file', sub { chmod 0, $file }, qr/could not be opened: Permission denied/) if $> != 0;
start_with('empty file', sub { write_file('') }, qr/too short/);
start_with('text file', sub { write_file("hello\n" x 1000) }, qr/not a statistics file of pg_advisor/);
start_with('directory', sub { unlink $file; mkdir $file or die }, qr/not a regular file/);
rmdir $bad;
start_with('pipe', sub { unlink $file; system('mkfifo', $file) == 0 or die }, qr/not a regular file/);
unlink $bad;

# A good file as the material for bad ones.
$node->safe_psql('postgres', q{
	CREATE TABLE parcel (id int PRIMARY KEY, town text);
	INSERT INTO parcel SELECT i, 'town ' || i % 1000 FROM generate_series(1, 5000) i;
	SELECT advisor.reset();
	SELECT count(*) FROM parcel WHERE town = 'town 7';
	PREPARE by_town(text) AS SELECT id FROM parcel WHERE town = $1;
	EXECUTE by_town('town 1');});
settle($node);
$node->stop;
my $good = slurp_file($file);
my $size = length $good;
cmp_ok($size, '<', 100_000, 'a small file');

my @crc_table = map {
	my $c = $_;
	$c = $c & 1 ? ($c >> 1) ^ 0x82F63B78 : $c >> 1 for 1 .. 8;
	$c
} 0 .. 255;
sub with_checksum
{
	my ($content) = @_;
	my $body = substr $content, 0, -4;
	my $crc = 0xFFFFFFFF;
	$crc = $crc_table[($crc ^ $_) & 255] ^ ($crc >> 8) for unpack 'C*', $body;
	return $body . pack('L', $crc ^ 0xFFFFFFFF);
}
is(with_checksum($good), $good, 'the checksum is CRC-32C');

sub flipped
{
	my ($at, $mask) = @_;
	my $content = $good;
	substr($content, $at, 1) = chr(ord(substr $content, $at, 1) ^ $mask);
	return $content;
}
sub replaced
{
	my ($at, $bytes) = @_;
	my $content = $good;
	substr($content, $at, length $bytes) = $bytes;
	return with_checksum($content);
}

# Header: 8 magic, 4 byte order, 4 format, 4 major, 4 catalog, 4 entry, 4 header, 8 system, 4 times 8.
my $first = 72;    # the first record: its length, then the image
my ($entry_size) = unpack 'L', substr($good, 24, 4);
my ($record_size) = unpack 'Q', substr($good, $first, 8);
my @wrong = (
	['other byte order', replaced(8, pack('L', 0x04030201)), qr/another kind of machine/],
	['other format', replaced(12, pack('L', 999)), qr/another version of pg_advisor/],
	['other server', replaced(16, pack('L', 99)), qr/another version of PostgreSQL/],
	['other catalog', replaced(20, pack('L', 1)), qr/another version of PostgreSQL/],
	['other entry', replaced(24, pack('L', $entry_size + 8)), qr/another version of pg_advisor/],
	['other cluster', replaced(32, pack('Q', 1)), qr/another database cluster/],
	['odd time of reset', replaced(48, pack('q', 9223372036854775807)), qr/header is out of range/],
	['wrong checksum', flipped($size - 1, 1), qr/checksum is wrong/],
	['too many entries', replaced($size - 16, pack('Q', 1 << 60)), qr/more entries than fit/],
	['one entry more', replaced($size - 16, pack('Q', 1 + unpack('Q', substr $good, $size - 16, 8))), qr/fewer entries than|more entries than fit/],
	['no entry', replaced($size - 16, pack('Q', 0)), qr/more entries than it says/],
	['endless record', replaced($first, pack('Q', ~0)), qr/longer than the file/],
	['record of nothing', replaced($first, pack('Q', 0)), qr/shorter than an entry/],
	['record a byte short', replaced($first, pack('Q', $record_size - 1)), qr/do not fill it/],
	['key neither top nor nested', replaced($first + 8 + 16, pack('L', 7)), qr/key is not valid/],
	['half a file', substr($good, 0, $size / 2), qr/checksum is wrong/],
	['a byte too much', $good . 'x', qr/checksum is wrong/]);
start_with($_->[0], sub { write_file($_->[1]) }, $_->[2]) for @wrong;
$node->stop;

# Now by the hundred: single bytes, with and without a checksum that hides it, and truncation. Most of them in a
# server of one process, which reads and writes the file as the postmaster does, and takes a fifth of a second.
sub answers_of_one_process
{
	my ($queries) = @_;
	my ($out, $err) = ('', '');
	my $input = join "\n", @$queries, '';
	my $good = IPC::Run::run(['postgres', '--single', '-D', $data, 'postgres'], '<', \$input, '>', \$out, '2>', \$err);
	my $answers = join '', $out =~ /\t 1: answer = "(\w+)"/g;
	return ($good ? $answers : "exit $?", $err);
}

sub answers_of_server
{
	my ($queries) = @_;
	$from = -s $node->logfile;
	$node->start;
	my ($rc, $out) = $node->psql('postgres', join ';', @$queries);
	$node->stop;
	return ($out =~ s/\n//gr, slurp_file($node->logfile, $from));
}

my @read = (
	'SELECT count(*) >= 0 AS answer FROM advisor.statements',
	'SELECT count(*) = 1 AS answer FROM advisor.info');
# Node strings and parameter values are trusted as the data directory is: not asked for where they are broken.
my @ask = (
	@read,
	'SELECT count(*) >= 0 AS answer FROM advisor.seq_scan_hotspots',
	'SELECT count(*) >= 0 AS answer FROM advisor.index_suggestions');
my @files;
srand(20240229);
push @files, [flipped(int rand $size, 1 << int rand 8), 1, \@ask] for 1 .. 40;
push @files, [substr($good, 0, int rand $size), 1, \@ask] for 1 .. 15;
push @files, [with_checksum(substr($good, 0, 4 + int rand($size - 4))), 1, \@ask] for 1 .. 15;
push @files, [with_checksum(flipped(int rand $size, 1 << int rand 8)), 0, \@read] for 1 .. 40;
for my $mask (0xFF, map { 1 << $_ } 0 .. 7)
{
	push @files, [with_checksum(flipped($first + $_, $mask)), 0, \@ask] for map { int rand(8 + $entry_size) } 1 .. 8;
}
my ($unanswered, $unsaid, $refused, $count, $started) = (0, 0, 0, 0, time);
for my $try (@files)
{
	my ($content, $must_complain, $queries) = @$try;
	write_file($content);
	unlink $bad;
	my ($answers, $log) = $count++ % 10 == 0 ? answers_of_server($queries) : answers_of_one_process($queries);
	if ($answers ne 't' x @$queries || $log =~ /PANIC|ERROR:|terminated by signal/)
	{
		$unanswered++;
		diag("file $count, answers $answers, log:\n$log");
	}
	my $lines = () = $log =~ /statistics file .* is not used, because/g;
	$refused += $lines;
	if ($lines > 1 || ($must_complain && $lines != 1) || ($lines == 1) != (-e $bad ? 1 : 0))
	{
		$unsaid++;
		diag("file $count, log:\n$log");
	}
}
is($unanswered, 0, scalar(@files) . ' damaged files: the server starts, answers and ends well each time');
is($unsaid, 0, 'and says once what it does not use');
note(sprintf '%d starts in %d s, %d files refused', scalar @files, time - $started, $refused);

write_file($good);
$node->start;
is($node->safe_psql('postgres', q{SELECT count(*) FROM advisor.statements WHERE query LIKE '%FROM parcel%'}), '2',
	'the good file is still good');
$node->stop;
done_testing();
