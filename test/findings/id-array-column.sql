-- flags: public.posts.tag_ids notice
-- flags: public.posts."categoryIds" notice
CREATE TABLE tags (id int PRIMARY KEY);
CREATE TABLE categories (id uuid PRIMARY KEY);
CREATE TABLE posts (id int PRIMARY KEY, tag_ids int[], "categoryIds" uuid[],
                    -- another type, no such table, no array, no ids
                    tags_ids bigint[], trace_ids int[], tags int[], valids int[], tag_id int);
-- A table of that name with another kind of key.
CREATE TABLE words (id int, lang text, PRIMARY KEY (id, lang));
CREATE TABLE texts (id int PRIMARY KEY, word_ids int[]);
CREATE SCHEMA other;
CREATE TABLE other.posts (tag_ids int[]);
