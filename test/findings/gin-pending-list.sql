-- flags: public."Words ""i" notice
-- undo: stays away, the entries are in the index
SELECT advisor.set_threshold('gin-pending-list', 'min_pages', 10);
CREATE TABLE words (id int, tags int[]);
CREATE INDEX "Words ""i" ON words USING gin (tags) WITH (gin_pending_list_limit = 65536);
CREATE INDEX words_direct ON words USING gin (tags) WITH (fastupdate = off);
CREATE INDEX words_cleaned ON words USING gin (tags) WITH (gin_pending_list_limit = 64);
INSERT INTO words SELECT g, ARRAY[g, g + 1, g + 2] FROM generate_series(1, 5000) g;
ANALYZE;
-- Without the extension nothing is known.
DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM advisor.findings), 'pgstattuple is not there';
END $$;
CREATE EXTENSION pgstattuple;
