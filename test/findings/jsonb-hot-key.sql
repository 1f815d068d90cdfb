-- flags: public.events.data notice
CREATE TABLE events (id int PRIMARY KEY, data jsonb);
INSERT INTO events SELECT g, jsonb_build_object('kind', g % 10, 'rare', g) FROM generate_series(1, 500) g;
CREATE TABLE other (id int PRIMARY KEY, data jsonb);
INSERT INTO other SELECT g, '{}' FROM generate_series(1, 500) g;
DO $$
DECLARE r record;
BEGIN
    FOR i IN 1 .. 1200 LOOP
        EXECUTE 'SELECT id FROM events WHERE data ->> ''kind'' = $1' INTO r USING i::text;
        EXECUTE 'SELECT data ->> ''kind'' FROM other WHERE id = $1' INTO r USING i;
        IF i <= 50 THEN
            EXECUTE 'SELECT id FROM events WHERE data ->> ''rare'' = $1' INTO r USING i::text;
        END IF;
    END LOOP;
END
$$;
