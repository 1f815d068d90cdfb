-- flags: public.documents.body notice
CREATE TABLE documents (id int PRIMARY KEY, body oid);
INSERT INTO documents SELECT g, lo_create(0) FROM generate_series(1, 1000) g;
-- Other numbers; cleaned up by a trigger.
CREATE TABLE watched (relation oid);
INSERT INTO watched SELECT c.oid FROM pg_class c, generate_series(1, 4);
CREATE TABLE clean (id int PRIMARY KEY, body oid);
INSERT INTO clean SELECT id, body FROM documents;
CREATE FUNCTION clean() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM lo_unlink(old.body); RETURN old; END';
CREATE TRIGGER clean BEFORE DELETE ON clean FOR EACH ROW EXECUTE FUNCTION clean();
ANALYZE;
