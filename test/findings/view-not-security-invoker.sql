-- flags: public.leak warning
-- flags: public."Odd v" warning
CREATE TABLE t (x int);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (x = 1);
CREATE VIEW leak AS SELECT * FROM t;
GRANT SELECT ON leak TO PUBLIC;
CREATE VIEW "Odd v" WITH (security_barrier, security_invoker = off) AS SELECT count(*) FROM t;
GRANT SELECT ON "Odd v" TO pg_monitor;

-- With the rights of the caller; nobody else may read it; no row security.
CREATE VIEW good WITH (security_invoker) AS SELECT * FROM t;
GRANT SELECT ON good TO PUBLIC;
CREATE VIEW private AS SELECT * FROM t;
CREATE TABLE open (x int);
CREATE VIEW plain AS SELECT * FROM open;
GRANT SELECT ON plain TO PUBLIC;
-- Its owner is bound by the policies.
CREATE VIEW bound AS SELECT * FROM t;
ALTER VIEW bound OWNER TO pg_database_owner;
GRANT SELECT ON bound TO PUBLIC;
