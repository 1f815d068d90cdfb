-- flags: public.t_b notice
-- flags: public.parted_b notice
-- undo: stays away, a new index file is smaller than min_bytes until the table is analysed
SELECT advisor.set_threshold('index-unused', 'min_bytes', 50000);
SELECT advisor.set_threshold('index-unused', 'min_scans', 10);
CREATE TABLE par (id int PRIMARY KEY);
INSERT INTO par SELECT generate_series(1, 5000);
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, p int REFERENCES par, d text, e int, f int, g int);
INSERT INTO t SELECT g, g, g, g, g, g, g, g FROM generate_series(1, 5000) g;
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b);
CREATE INDEX t_p ON t (p);
CREATE INDEX t_expression ON t (lower(d));
CREATE UNIQUE INDEX t_e ON t (e);
CREATE INDEX t_f ON t (f);
CREATE INDEX t_f2 ON t (f, g);
CLUSTER t USING t_f2;
CREATE INDEX t_small ON t (c) WHERE c < 10;
CREATE TABLE parted (id int, a int, b int) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (2500);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (2500) TO (9999);
INSERT INTO parted SELECT g, g, g FROM generate_series(1, 5000) g;
CREATE INDEX parted_a ON parted (a);
CREATE INDEX parted_b ON parted (b);
CREATE TABLE ident (id int NOT NULL, a int);
INSERT INTO ident SELECT g, g FROM generate_series(1, 5000) g;
CREATE UNIQUE INDEX ident_id ON ident (id);
ALTER TABLE ident REPLICA IDENTITY USING INDEX ident_id;
CREATE TABLE unread (a int);
INSERT INTO unread SELECT generate_series(1, 5000);
CREATE INDEX ON unread (a);
VACUUM ANALYZE;
SET enable_seqscan = off;
DO $$ BEGIN FOR i IN 1 .. 20 LOOP
    PERFORM FROM t WHERE a = i;
    PERFORM FROM ident WHERE id = -i AND a = 1;
    PERFORM FROM parted WHERE id > 3000 AND a = 4000;
END LOOP; END $$;
SELECT pg_stat_force_next_flush();
-- Statistics were reset a moment ago: that is no verdict on anything.
DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM advisor.findings WHERE rule = 'index-unused'), 'judged by a few seconds';
END $$;
SELECT advisor.set_threshold('index-unused', 'min_days', 0);
