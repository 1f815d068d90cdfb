-- How many times the requests of the first run the second one handled in the same time.
SELECT round(count(*) FILTER (WHERE run = 'after')::numeric / count(*) FILTER (WHERE run = 'before'), 1) FROM latency;
