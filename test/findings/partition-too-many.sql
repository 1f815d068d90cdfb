-- flags: public.many notice
SELECT advisor.set_threshold('partition-too-many', 'max_parts', 5);
CREATE TABLE many (x int PRIMARY KEY) PARTITION BY RANGE (x);
CREATE TABLE few (x int PRIMARY KEY) PARTITION BY RANGE (x);
DO $$
BEGIN
    FOR i IN 1 .. 6 LOOP
        EXECUTE format('CREATE TABLE many_%s PARTITION OF many FOR VALUES FROM (%s) TO (%s)', i, i, i + 1);
    END LOOP;
    FOR i IN 1 .. 5 LOOP
        EXECUTE format('CREATE TABLE few_%s PARTITION OF few FOR VALUES FROM (%s) TO (%s)', i, i, i + 1);
    END LOOP;
END
$$;
ANALYZE;
