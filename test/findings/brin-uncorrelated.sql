-- flags: public.t_random notice
CREATE TABLE t (sorted int, random int, backwards int, runs int, filler text);
INSERT INTO t SELECT g, hashint4(g), -g, hashint4(g / 100), repeat('x', 200) FROM generate_series(1, 40000) g;
CREATE INDEX t_random ON t USING brin (random) WITH (pages_per_range = 4);
CREATE INDEX t_sorted ON t USING brin (sorted) WITH (pages_per_range = 4);
CREATE INDEX t_backwards ON t USING brin (backwards) WITH (pages_per_range = 4);
CREATE INDEX t_runs ON t USING brin (runs) WITH (pages_per_range = 4);
CREATE INDEX t_bloom ON t USING brin (random int4_bloom_ops) WITH (pages_per_range = 4);
CREATE INDEX t_multi ON t USING brin (random int4_minmax_multi_ops) WITH (pages_per_range = 4);
CREATE INDEX t_few ON t USING brin (random) WITH (pages_per_range = 128);
ANALYZE;
