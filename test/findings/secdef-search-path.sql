-- flags: public.by_superuser(integer) critical
-- flags: public."Odd f"() warning
-- flags: public.fired() warning
CREATE FUNCTION by_superuser(x int) RETURNS int SECURITY DEFINER LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE FUNCTION "Odd f"() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION "Odd f"() OWNER TO pg_database_owner;
CREATE FUNCTION fired() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
ALTER FUNCTION fired() OWNER TO pg_database_owner;
REVOKE EXECUTE ON FUNCTION fired() FROM PUBLIC;

-- A path of its own; rights of the caller; only for its owner; parsed when it was made.
CREATE FUNCTION fixed() RETURNS int SECURITY DEFINER SET search_path = public, pg_temp LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION invoker() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION private() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON FUNCTION private() FROM PUBLIC;
CREATE FUNCTION parsed() RETURNS int SECURITY DEFINER LANGUAGE sql RETURN 1;
