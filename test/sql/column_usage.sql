-- advisor.column_usage: what the recorded statements do with which columns.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
RESET client_min_messages;
CREATE SCHEMA used;
SET search_path = used;
CREATE TABLE a (id int PRIMARY KEY, b_id bigint, name text, at timestamp, data jsonb, ok boolean, tags int[]);
CREATE TABLE b (dropped int, id bigint PRIMARY KEY, "a Name" varchar(20));
ALTER TABLE b DROP dropped;
CREATE VIEW v AS SELECT id, lower(name) AS lowered, b_id FROM a;
CREATE TABLE parted (x int, k int) PARTITION BY RANGE (k);
CREATE TABLE part (k int, x int);
ALTER TABLE parted ATTACH PARTITION part FOR VALUES FROM (0) TO (10);

SELECT advisor.reset();

PREPARE plain AS SELECT 1 FROM a WHERE b_id = 3 AND lower(name) = 'x' AND at > now() AND data ->> 'k' = 'v' AND NOT ok;
EXECUTE plain;
SELECT FROM a JOIN b ON a.b_id = b.id WHERE name LIKE '%x%' AND tags @> ARRAY[1] AND a.id::numeric = 5.0 ORDER BY at;
SELECT FROM v WHERE lowered = 'c' AND EXISTS (SELECT FROM b WHERE b.id = v.b_id AND "a Name" LIKE 'x%');
PREPARE pattern (text) AS SELECT count(*) FROM a WHERE name LIKE $1 GROUP BY name;
EXECUTE pattern('ab%');
EXECUTE pattern('abc%');
SELECT FROM (SELECT id AS inner_id, name FROM a WHERE ok) s JOIN LATERAL (SELECT FROM b WHERE b.id = s.inner_id) t ON true WHERE s.name IS NULL;
UPDATE a SET name = 'x' WHERE id IN (1, 2, 3) AND ok IS TRUE;
SELECT FROM part WHERE x = 5;
UPDATE parted SET x = 1 WHERE k < 3;
SELECT FROM pg_class WHERE relname = 'x';

SELECT DISTINCT u.relation::text, u."column", u.attnum, u.place, u.wrapper, u.key, u.operator, u.other, u.other_type, u.other_relation, u.other_column, u.pattern
FROM advisor.column_usage u JOIN advisor.statements s USING (queryid)
ORDER BY u.relation::text, u.attnum, u.place, u.operator, u.other, u.wrapper, u.other_type, u.pattern;
SELECT sum(DISTINCT u.calls) FROM advisor.column_usage u WHERE u.pattern = 'prefix' AND u.other = 'parameter';

-- others' statements are not shown
CREATE ROLE regress_usage;
GRANT USAGE ON SCHEMA advisor TO regress_usage;
SET ROLE regress_usage;
SELECT count(*) FROM advisor.column_usage;
RESET ROLE;
DROP OWNED BY regress_usage;
DROP ROLE regress_usage;
SET client_min_messages = warning;
DROP SCHEMA used CASCADE;
