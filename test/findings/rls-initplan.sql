-- flags: by_setting on public.t warning
-- flags: by_function on public.t
-- flags: each on public.t
-- flags: "Odd p" on other."Odd t"
-- flags: argument on public.t
CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS int STABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE FUNCTION auth.member(tenant int) RETURNS boolean STABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
CREATE FUNCTION auth.noisy() RETURNS int VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE TABLE t (owner int, at timestamptz);
INSERT INTO t SELECT g, now() FROM generate_series(1, 2000) g;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY by_setting ON t USING (owner = current_setting('app.user', true)::int);
CREATE POLICY by_function ON t FOR SELECT USING (owner = auth.uid());
CREATE POLICY each ON t FOR UPDATE USING (owner = auth.uid() OR auth.uid() = 0) WITH CHECK (owner = auth.uid());
CREATE POLICY argument ON t FOR SELECT USING (auth.member(1));
CREATE SCHEMA other;
CREATE TABLE other."Odd t" ("Owner" int);
INSERT INTO other."Odd t" SELECT g FROM generate_series(1, 2000) g;
ALTER TABLE other."Odd t" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Odd p" ON other."Odd t" USING ("Owner" = auth.uid());

-- In a sub-select; of a column; cheap ones; volatile; few rows; row security off.
CREATE POLICY wrapped ON t FOR SELECT USING (owner = (SELECT auth.uid()));
CREATE POLICY deeper ON t FOR SELECT USING (owner IN (SELECT abs(auth.uid())) AND EXISTS (SELECT FROM pg_class WHERE oid = auth.uid()));
CREATE POLICY of_column ON t FOR SELECT USING (auth.member(owner));
CREATE POLICY cheap ON t FOR SELECT USING (at < now() AND current_user = 'x' AND abs(owner) = 3);
CREATE POLICY volatile ON t FOR SELECT USING (owner = auth.noisy());
CREATE TABLE few (owner int);
ALTER TABLE few ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON few USING (owner = auth.uid());
CREATE TABLE off (owner int);
INSERT INTO off SELECT g FROM generate_series(1, 2000) g;
CREATE POLICY p ON off USING (owner = auth.uid());
ANALYZE;
