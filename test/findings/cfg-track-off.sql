-- flags: setting track_counts warning
-- flags: setting track_activities notice
ALTER SYSTEM SET track_counts = off;
ALTER SYSTEM SET track_activities = off;
SELECT pg_reload_conf();
