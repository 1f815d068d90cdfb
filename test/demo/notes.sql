-- Where the demo notes what pgbench measured; a database of its own, so that it is no part of the workload.
CREATE TABLE script (side text, number int, name text, PRIMARY KEY (side, number));
CREATE TABLE latency (run text, side text, number int, microseconds bigint);
