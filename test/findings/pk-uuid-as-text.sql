-- flags: public.users.id notice
-- flags: public.posts."User" notice
CREATE TABLE users (id varchar(36) PRIMARY KEY);
INSERT INTO users SELECT gen_random_uuid() FROM generate_series(1, 1500);
CREATE TABLE posts (id int PRIMARY KEY, "User" varchar(36) REFERENCES users, trace text);
INSERT INTO posts SELECT row_number() OVER (), id, id FROM users;
-- Some are no UUID; a real uuid; a length of 36 that means something else; few rows.
CREATE TABLE partly (id text PRIMARY KEY);
INSERT INTO partly SELECT id FROM users UNION SELECT 'legacy-' || g FROM generate_series(1, 500) g;
CREATE TABLE as_uuid (id uuid PRIMARY KEY);
INSERT INTO as_uuid SELECT id::uuid FROM users;
CREATE TABLE padded (id char(36) PRIMARY KEY);
INSERT INTO padded SELECT lpad(g::text, 36, '0') FROM generate_series(1, 1500) g;
CREATE TABLE few (id text PRIMARY KEY);
INSERT INTO few SELECT id FROM users LIMIT 20;
ANALYZE;
