-- flags: public."write Log"() notice
SELECT advisor.set_threshold('trigger-row-heavy', 'min_ms', 1);
SET track_functions = 'pl';
CREATE TABLE log (id int, at timestamptz);
CREATE TABLE items (id int PRIMARY KEY, n int);
CREATE FUNCTION "write Log"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (new.id, now()); RETURN NULL; END $$;
CREATE TRIGGER each_row AFTER INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION "write Log"();
-- Before the row; for the statement; few calls; disabled.
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.n := coalesce(new.n, 0); RETURN new; END $$;
CREATE TRIGGER before_row BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION fill();
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER each_statement AFTER INSERT ON items FOR EACH STATEMENT EXECUTE FUNCTION noted();
CREATE TABLE few (id int);
CREATE FUNCTION seldom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM count(*) FROM generate_series(1, 10000); RETURN NULL; END $$;
CREATE TRIGGER each_row AFTER INSERT ON few FOR EACH ROW EXECUTE FUNCTION seldom();
INSERT INTO items SELECT g FROM generate_series(1, 20000) g;
INSERT INTO few SELECT generate_series(1, 20);
SELECT pg_stat_force_next_flush();
