-- A schema of :tables tables with ten columns, two foreign keys and four indexes each, for the time that
-- advisor.findings takes (findings.sh). Tables have the figures of analysed tables with rows, but none are read.
SET client_min_messages = warning;
CREATE SCHEMA many;
CREATE PROCEDURE make_tables(first int, last int)
LANGUAGE plpgsql AS $$
DECLARE
    parent int;
BEGIN
    FOR i IN first .. last LOOP
        EXECUTE format('CREATE TABLE many.t%s (id bigint PRIMARY KEY, parent bigint, sibling bigint, name text NOT NULL,'
                       ' state int, amount numeric(12, 2), created_at timestamptz DEFAULT now(), updated_at timestamptz,'
                       ' flags int[], note varchar(200))', i);
        EXECUTE format('CREATE INDEX ON many.t%s (parent)', i);
        EXECUTE format('CREATE INDEX ON many.t%s (created_at, state)', i);
        EXECUTE format('CREATE INDEX ON many.t%1$s (name) WHERE state > 0', i);
        parent := greatest(1, i / 2);
        EXECUTE format('ALTER TABLE many.t%s ADD FOREIGN KEY (parent) REFERENCES many.t%s (id)', i, parent);
        EXECUTE format('ALTER TABLE many.t%s ADD FOREIGN KEY (sibling) REFERENCES many.t%s (id)', i, greatest(1, i - 1));
        EXECUTE format('INSERT INTO many.t%1$s SELECT g, NULL, NULL, ''n'' || g, g %% 3, g, now(), now(), ''{1}'', ''v'''
                       ' FROM generate_series(1, 20) g', i);
        EXECUTE format('ANALYZE many.t%s', i);
        IF i % 200 = 0 THEN
            COMMIT;
        END IF;
    END LOOP;
END
$$;
