-- flags: public.twice warning
-- flags: public.small notice
CREATE TABLE twice (x int);
INSERT INTO twice SELECT generate_series(1, 2000);
ALTER TABLE twice ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON twice USING (x = 1);
CREATE POLICY b ON twice FOR SELECT TO pg_monitor USING (x = 2);
CREATE TABLE small (x int);
ALTER TABLE small ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON small FOR INSERT WITH CHECK (x = 1);
CREATE POLICY b ON small FOR ALL USING (x = 2);
-- Other commands; other roles; one of them restricts; row security off.
CREATE TABLE apart (x int);
ALTER TABLE apart ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON apart FOR SELECT USING (x = 1);
CREATE POLICY b ON apart FOR UPDATE USING (x = 1);
CREATE TABLE by_role (x int);
ALTER TABLE by_role ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON by_role TO pg_monitor USING (x = 1);
CREATE POLICY b ON by_role TO pg_signal_backend USING (x = 1);
CREATE TABLE restricted (x int);
ALTER TABLE restricted ENABLE ROW LEVEL SECURITY;
CREATE POLICY a ON restricted USING (x = 1);
CREATE POLICY b ON restricted AS RESTRICTIVE USING (x = 1);
CREATE TABLE off (x int);
CREATE POLICY a ON off USING (x = 1);
CREATE POLICY b ON off USING (x = 2);
ANALYZE;
