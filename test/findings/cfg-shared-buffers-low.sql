-- flags: setting shared_buffers notice
CREATE TABLE large (x int PRIMARY KEY, filler text);
ALTER TABLE large ALTER filler SET STORAGE PLAIN;
INSERT INTO large SELECT g, repeat('x', 1000) FROM generate_series(1, 50000) g;
VACUUM ANALYZE large;
SELECT advisor.set_threshold('cfg-shared-buffers-low', 'min_reads', 1);
SELECT advisor.set_threshold('cfg-shared-buffers-low', 'min_miss', 0);
SELECT advisor.set_threshold('cfg-shared-buffers-low', 'min_ratio', 0.1);
