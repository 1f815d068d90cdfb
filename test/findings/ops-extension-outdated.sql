-- flags: hstore notice
-- undo: stays away, an extension cannot be taken back
CREATE EXTENSION hstore VERSION '1.4';
CREATE EXTENSION pg_trgm;
