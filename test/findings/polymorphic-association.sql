-- flags: public.comments.target_id notice
CREATE TABLE posts (id int PRIMARY KEY);
CREATE TABLE photos (id int PRIMARY KEY);
CREATE TABLE comments (id int PRIMARY KEY, target_type text, target_id int, owner_type text, owner_id int, post_id int REFERENCES posts);
CREATE TABLE audit (id int PRIMARY KEY, row_type text, row_id int);
SELECT FROM comments c JOIN posts p ON p.id = c.target_id AND c.target_type = 'post';
SELECT FROM comments c, photos p WHERE p.id = c.target_id AND c.target_type = 'photo';
-- joined to one table only, a foreign key, never joined
SELECT FROM comments c JOIN posts p ON p.id = c.owner_id AND c.owner_type = 'post';
SELECT FROM comments c JOIN posts p ON p.id = c.post_id;
SELECT FROM audit WHERE row_id = 5 AND row_type = 'post';
