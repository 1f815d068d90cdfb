-- advisor.suggest_indexes where indexes exist: what takes the place of one, what is not worth refining one, and that
-- advice which was followed is not given again, nor refined. Then the indexes that nobody uses.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA followed;
SET search_path = followed;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TABLE customer (id int PRIMARY KEY, email text, country int, note text);
INSERT INTO customer SELECT g, 'customer' || g || '@example.com', g % 50, repeat('n', 40) FROM generate_series(1, 20000) g;
CREATE TABLE payment (id int PRIMARY KEY, account int, customer int, amount int, made int, note text);
INSERT INTO payment SELECT g, g * 7919 % 5000, g * 31 % 20000, g % 977, g, repeat('n', 40) FROM generate_series(1, 80000) g;
VACUUM ANALYZE customer, payment;
CREATE FUNCTION steps(queries text[]) RETURNS TABLE (action text, what text) LANGUAGE sql AS
$$ SELECT action, regexp_replace(ddl, '^.* (USING|CONCURRENTLY) ', '') FROM advisor.suggest_indexes(queries) ORDER BY rank $$;

-- An index with more columns takes the place of the narrower one, in one run; then there is nothing to say.
CREATE INDEX payment_account ON payment (account);
VACUUM ANALYZE payment;
CREATE TABLE range AS SELECT ARRAY['SELECT sum(amount) FROM payment WHERE account BETWEEN 100 AND 900'] AS texts;
SELECT s.* FROM range, steps(texts) s;
CREATE TABLE plan AS SELECT s.* FROM range, advisor.suggest_indexes(texts) s;
SELECT action, cost_after <= cost_before AS chained, reason LIKE '%payment_account_idx%' AS names_it FROM plan ORDER BY rank;
SELECT ddl FROM plan ORDER BY rank \gexec
VACUUM ANALYZE payment;
SELECT s.* FROM range, steps(texts) s;
SELECT undo FROM plan ORDER BY rank DESC \gexec
SELECT indexdef FROM pg_indexes WHERE schemaname = 'followed' AND tablename = 'payment' ORDER BY 1;
-- Not where a constraint needs the narrower one: both would have to be kept up to date.
DROP INDEX payment_account;
-- A key that is unique already finds its row: no twin of a primary key, no unique key with a tail, for a few visits.
SELECT s.* FROM steps(ARRAY['SELECT c.country FROM payment p JOIN customer c ON c.id = p.customer WHERE p.id < 40',
    'SELECT country FROM customer WHERE id = 7', 'SELECT id, country FROM customer WHERE id = $1 AND country = $2']) s;
-- Nor columns that an expression needs besides itself, as long as nobody knows how many rows it finds.
SELECT s.* FROM steps(ARRAY['SELECT id, country FROM customer WHERE lower(email) = $1']) s;

-- Followed, and asked again.
CREATE TABLE questions AS SELECT ARRAY['SELECT * FROM payment WHERE account = 77', 'SELECT * FROM payment WHERE account = 77 AND made > 60000',
    'SELECT id, amount FROM payment WHERE customer = 5 ORDER BY made DESC LIMIT 3',
    'SELECT sum(amount) FROM payment WHERE made BETWEEN 500 AND 2500', 'SELECT * FROM customer WHERE email = $1'] AS texts;
SELECT s.* FROM questions, steps(texts) s;
SELECT ddl FROM questions, advisor.suggest_indexes(texts) ORDER BY rank \gexec
VACUUM ANALYZE payment, customer;
SELECT count(*) FROM questions, advisor.suggest_indexes(texts);

-- What the first answer did not find worth it, the second one does not either: other keys with columns that spare visits,
-- a tiny index for the little that is left, INCLUDE columns for partitions.
CREATE TABLE coupon (id int PRIMARY KEY, campaign int NOT NULL, code text NOT NULL, expires date NOT NULL, redeemed timestamp);
INSERT INTO coupon SELECT g, g * 7919 % 60, md5(g::text), date '2024-01-01' + g * 31 % 366,
    CASE WHEN g % 50 <> 0 THEN timestamp '2024-01-01' + g * interval '1 minute' END FROM generate_series(1, 60000) g;
CREATE TABLE loan (id int PRIMARY KEY, reader int NOT NULL, shelf int NOT NULL, due date NOT NULL, title text NOT NULL);
INSERT INTO loan SELECT g, g * 7919 % 1000, g * 31 % 8, date '2024-01-01' + g * 13 % 600, md5(g::text) FROM generate_series(1, 60000) g;
CREATE TABLE visit (country int NOT NULL, visitor int NOT NULL, page text NOT NULL, at int NOT NULL) PARTITION BY LIST (country);
CREATE TABLE visit_1 PARTITION OF visit FOR VALUES IN (1);
CREATE TABLE visit_2 PARTITION OF visit FOR VALUES IN (2);
INSERT INTO visit SELECT g % 2 + 1, g * 7919 % 4000, left(md5(g::text), 20), g FROM generate_series(1, 60000) g;
VACUUM ANALYZE coupon, loan, visit;
CREATE TABLE rest AS SELECT ARRAY['SELECT code, expires FROM coupon WHERE campaign = 7 AND redeemed IS NULL',
    'SELECT count(*) FROM coupon WHERE campaign = 9 AND redeemed IS NULL AND expires >= ''2024-06-01''',
    'SELECT id, title FROM loan WHERE reader = 7 AND shelf = 3', 'SELECT id, title FROM loan WHERE reader = 8 AND shelf = 2 ORDER BY due LIMIT 3',
    'SELECT id, title, due, shelf FROM loan WHERE reader = 9 ORDER BY due LIMIT 5',
    'SELECT country, page, at FROM visit WHERE visitor = 77'] AS texts;
SELECT count(DISTINCT relation) FROM rest, advisor.suggest_indexes(texts);
SELECT string_agg(replace(ddl, 'CONCURRENTLY ', ''), ';' ORDER BY rank) AS all_ddl FROM rest, advisor.suggest_indexes(texts) \gset
:all_ddl;
VACUUM ANALYZE coupon, loan, visit;
SELECT s.* FROM rest, steps(texts) s;

-- An existing index that does another part of a statement does not do the candidate's work.
CREATE TABLE task (id int PRIMARY KEY, state text NOT NULL, prio int NOT NULL, payload text NOT NULL);
INSERT INTO task SELECT g, CASE WHEN g % 200 = 0 THEN 'waiting' ELSE 'finished' END, g * 7919 % 97, md5(g::text) FROM generate_series(1, 60000) g;
VACUUM ANALYZE task;
SELECT * FROM steps(ARRAY['UPDATE task SET state = ''running'' WHERE id = (SELECT id FROM task WHERE state = ''waiting'' ORDER BY prio DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED)']);

-- An implicit cast past an index: an index on the cast would hide it. Without an index on the column it is one.
CREATE INDEX task_prio ON task (prio);
SELECT * FROM steps(ARRAY['SELECT * FROM task WHERE prio = 777.0']);
DROP INDEX task_prio;
SELECT * FROM steps(ARRAY['SELECT * FROM task WHERE prio = 777.0']);

-- A count that the existing index answers does not keep another query from a better one.
CREATE TABLE stay (id int PRIMARY KEY, k text, d date, n int);
INSERT INTO stay SELECT g, 'k' || abs(hashint4(g)) % 150, date '2020-01-01' + abs(hashint4(g + 1)) % 1000, g % 120
FROM generate_series(1, 80000) g;
CREATE INDEX stay_k ON stay (k);
VACUUM ANALYZE stay;
SELECT * FROM steps(ARRAY['SELECT id, n FROM stay WHERE k = ''k7'' ORDER BY d DESC LIMIT 10',
    'SELECT count(*) FROM stay WHERE k = ''k7''']);

-- The undo of a drop brings back what is not in the definition, too.
CREATE INDEX stay_plus ON stay ((n + 1));
CREATE INDEX stay_plus_twin ON stay ((n + 1));
ALTER INDEX stay_plus_twin ALTER COLUMN 1 SET STATISTICS 500;
COMMENT ON INDEX stay_plus_twin IS 'the shop''s';
ANALYZE stay;
SELECT ddl, undo FROM advisor.suggest_indexes(ARRAY['SELECT id FROM stay WHERE n + 1 = 77']) WHERE action = 'drop';

-- Indexes that nobody uses: after the time that a setting says, of tables that are read, and only where nothing else
-- needs them.
CREATE TABLE parent (id int PRIMARY KEY);
INSERT INTO parent SELECT generate_series(1, 500);
CREATE TABLE big (id int PRIMARY KEY, parent int REFERENCES parent, a int, b int, note text, UNIQUE (b));
INSERT INTO big SELECT g, g % 500 + 1, g, g, md5(g::text) FROM generate_series(1, 230000) g;
CREATE INDEX big_note ON big (note, a);
CREATE INDEX big_parent ON big (parent, note);
CREATE INDEX big_expression ON big (upper(note));
CREATE INDEX big_small ON big (a);
CREATE INDEX big_used ON big (note, b);
VACUUM ANALYZE big, parent;
SELECT advisor.reset();
DO $$ BEGIN
    FOR i IN 1..1100 LOOP
        PERFORM FROM big WHERE id = i;
    END LOOP;
    FOR i IN 1..30 LOOP
        PERFORM b FROM big WHERE note = md5(i::text);
    END LOOP;
END $$;
SELECT pg_stat_force_next_flush();
SELECT idx_scan > 0 AS used, indexrelname FROM pg_stat_user_indexes WHERE relname = 'big' ORDER BY 2;
SELECT count(*) FROM advisor.index_suggestions;
SET pg_advisor.unused_index_after = 0;
SELECT action, ddl, undo, index_bytes > 10000000 AS large, cost_before = cost_after AS same_cost, improvement, statements,
    regexp_replace(reason, '[0-9][0-9.,]*( [a-zA-Z]+)?', '#', 'g') AS reason
FROM advisor.index_suggestions;
SELECT count(*) FROM advisor.suggest_indexes('{SELECT * FROM big WHERE id = 1}');
SET pg_advisor.unused_index_after = -1;
SELECT count(*) FROM advisor.index_suggestions;
RESET pg_advisor.unused_index_after;
SELECT advisor.reset();

DROP SCHEMA followed CASCADE;
