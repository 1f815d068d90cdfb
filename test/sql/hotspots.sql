-- advisor.seq_scan_hotspots: which scans are hot, which are right, and what is said about them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA hotspots;
SET search_path = hotspots;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
CREATE TABLE orders (id int PRIMARY KEY, customer int, status text, note text);
INSERT INTO orders SELECT g, g % 5000, CASE WHEN g % 4 = 0 THEN 'open' ELSE 'done' END, repeat('n', 40)
FROM generate_series(1, 60000) g;
CREATE TABLE small (id int, v int);
INSERT INTO small SELECT g, g FROM generate_series(1, 200) g;
CREATE TABLE inner_side (k int, v int, pad text);
INSERT INTO inner_side SELECT g, g, repeat('p', 20) FROM generate_series(1, 20000) g;
CREATE TABLE parts (k int, v int) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (20000);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (20000) TO (40001);
INSERT INTO parts SELECT g, g % 4000 FROM generate_series(0, 40000) g;
VACUUM ANALYZE orders, small, inner_side, parts;
-- of this schema, without what depends on time
CREATE VIEW shown AS
SELECT relation, table_rows, calls, seq_scans AS scans, rows_read AS read, rows_kept AS kept, filter, suggested_index
FROM advisor.seq_scan_hotspots
WHERE relation::oid IN (SELECT oid FROM pg_class WHERE relnamespace = 'hotspots'::regnamespace);
CREATE FUNCTION verdict(which regclass) RETURNS TABLE (severity text, verdict text) LANGUAGE sql AS
$$ SELECT severity, regexp_replace(verdict, '[0-9]([0-9.,  ]*[0-9])?', '#', 'g')
   FROM advisor.seq_scan_hotspots WHERE relation = which ORDER BY 1, 2 $$;
SELECT advisor.reset();

-- Hot: many rows read, few kept, an index cures it.
SELECT count(*) FROM orders WHERE customer = 17;
SELECT count(*) FROM orders WHERE customer = 18;
SELECT count(*) FROM orders WHERE customer = 19;
SELECT * FROM shown;
SELECT * FROM verdict('orders');
SELECT share = 1 AS share, pages_read = 3 * (pg_relation_size('orders') / current_setting('block_size')::int) AS pages,
    table_bytes = pg_relation_size('orders') AS bytes, est_time > 0 AS time, query
FROM advisor.seq_scan_hotspots WHERE relation = 'orders'::regclass;
-- With the index the scans are history; counted anew, they are gone.
SELECT suggested_index AS ddl FROM shown WHERE relation = 'orders'::regclass \gset
:ddl;
SELECT scans, read FROM shown WHERE relation = 'orders'::regclass;
SELECT * FROM verdict('orders');
SELECT advisor.reset();
SELECT count(*) FROM orders WHERE customer = 17;
SELECT count(*) FROM shown;

-- A small table, and a statement that wants most rows: no index is right.
SELECT advisor.reset();
SELECT count(*) FROM small WHERE v = 7;
SELECT count(*) FROM orders WHERE status = 'done';
SELECT count(note) FROM orders;
SELECT * FROM shown ORDER BY relation::text, filter COLLATE "C";
SELECT * FROM verdict('small');
SELECT * FROM verdict('orders');

-- LIMIT and a cursor that is closed early read a part of the table only.
SELECT advisor.reset();
SELECT id FROM orders WHERE note LIKE 'nn%' LIMIT 5;
BEGIN;
DECLARE c NO SCROLL CURSOR FOR SELECT id, status FROM orders WHERE note LIKE 'nnn%';
FETCH 5 FROM c;
CLOSE c;
COMMIT;
SELECT relation, scans, read, kept, suggested_index FROM shown;
SELECT * FROM verdict('orders');

-- The workers of a parallel scan are one scan.
SELECT advisor.reset();
BEGIN;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT count(*) FROM orders WHERE note = 'none such';
COMMIT;
SELECT relation, scans, read, kept FROM shown;

-- Partitions are summed under their parent.
SELECT advisor.reset();
SELECT count(*) FROM parts WHERE v = 5;
SELECT count(*) FROM parts WHERE v = 6;
SELECT relation, table_rows, calls, scans, read, kept, filter FROM shown;

-- The inner side of a nested loop is scanned once per outer row.
SELECT advisor.reset();
BEGIN;
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off;
SET LOCAL enable_material = off;
SET LOCAL enable_memoize = off;
SELECT count(*) FROM small s, LATERAL (SELECT 1 FROM inner_side i WHERE i.k = s.v OFFSET 0) x WHERE s.id <= 10;
COMMIT;
SELECT relation, calls, scans, read, kept FROM shown WHERE relation = 'inner_side'::regclass;

-- Hot, and no index that could help.
SELECT advisor.reset();
SELECT count(*) FROM inner_side WHERE pad LIKE '%none such%';
SELECT count(*) FROM inner_side WHERE pad LIKE '%none such%';
SELECT relation, scans, read, kept, filter, suggested_index FROM shown;
SELECT * FROM verdict('inner_side');

-- Catalogs and temporary tables are nobody's business; a dropped table is gone, a dropped column no problem.
SELECT advisor.reset();
CREATE TEMP TABLE fleeting AS SELECT g AS v FROM generate_series(1, 20000) g;
SELECT count(*) FROM fleeting WHERE v = 3;
SELECT count(*) > 0 FROM pg_catalog.pg_attribute WHERE attnum + 0 = 3;
SELECT count(*) FROM inner_side WHERE v = 3;
SELECT relation, suggested_index FROM advisor.seq_scan_hotspots ORDER BY 1;
ALTER TABLE inner_side DROP COLUMN v;
SELECT relation, filter, suggested_index FROM advisor.seq_scan_hotspots ORDER BY 1;
DROP TABLE inner_side;
SELECT count(*) FROM advisor.seq_scan_hotspots;

DROP SCHEMA hotspots CASCADE;
