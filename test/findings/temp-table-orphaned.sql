-- flags: pg_temp_9999 warning
-- undo: differs, a table of nobody is gone
-- undo: stays away, a table of nobody is gone
-- What a crash leaves, made by hand: the schema and a table of a session that there is not.
CREATE TEMP TABLE mine (x int);
SET allow_system_table_mods = on;
CREATE SCHEMA pg_temp_9999;
CREATE TABLE left_behind (x int);
UPDATE pg_class SET relnamespace = 'pg_temp_9999'::regnamespace, relpersistence = 't' WHERE relname = 'left_behind';
UPDATE pg_type SET typnamespace = 'pg_temp_9999'::regnamespace WHERE typname IN ('left_behind', '_left_behind');
DO $$ BEGIN
    ASSERT (SELECT array_agg(object) FROM advisor.findings) = '{pg_temp_9999}', 'not the tables of this session';
END $$;
