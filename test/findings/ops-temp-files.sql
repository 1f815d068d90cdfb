-- flags: setting work_mem notice
SELECT advisor.reset();
SELECT advisor.set_threshold('ops-temp-files', 'min_bytes_per_hour', 1000000);
SELECT advisor.set_threshold('ops-temp-files', 'min_hours', 0);
SET work_mem = '64kB';
SELECT count(*) FROM (SELECT g FROM generate_series(1, 50000) g ORDER BY md5(g::text) OFFSET 0) s;
