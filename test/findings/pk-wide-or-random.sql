-- flags: public.random.id notice
-- flags: public.texts.id notice
SELECT advisor.set_threshold('pk-wide-or-random', 'share_of_buffers', 0.0001);
SELECT advisor.set_threshold('pk-wide-or-random', 'min_rows', 1000);
CREATE TABLE random (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
INSERT INTO random SELECT FROM generate_series(1, 5000);
CREATE TABLE texts (id text PRIMARY KEY);
INSERT INTO texts SELECT repeat('x', 40) || g FROM generate_series(1, 2000) g;
CREATE TABLE of_texts (t text REFERENCES texts);
-- In the order of time; small; updated more than inserted; a long text that nothing refers to; a short one.
CREATE TABLE ordered (id uuid PRIMARY KEY);
INSERT INTO ordered SELECT lpad(to_hex(g), 32, '0')::uuid FROM generate_series(1, 5000) g;
CREATE TABLE small (id uuid PRIMARY KEY);
INSERT INTO small VALUES (gen_random_uuid());
CREATE TABLE updated (id uuid PRIMARY KEY, n int);
INSERT INTO updated SELECT gen_random_uuid(), 0 FROM generate_series(1, 5000);
UPDATE updated SET n = 1;
UPDATE updated SET n = 2;
CREATE TABLE paths (id text PRIMARY KEY);
INSERT INTO paths SELECT repeat('x', 40) || g FROM generate_series(1, 2000) g;
CREATE TABLE short (id text PRIMARY KEY);
INSERT INTO short SELECT 'x' || g FROM generate_series(1, 2000) g;
CREATE TABLE of_short (t text REFERENCES short);
VACUUM ANALYZE;
SELECT pg_stat_force_next_flush();
