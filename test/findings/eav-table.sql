-- flags: public."product Attributes" notice
-- flags: public.pivoted notice
SELECT advisor.set_threshold('eav-table', 'min_rows', 1000);
CREATE TABLE products (id int PRIMARY KEY);
INSERT INTO products SELECT generate_series(1, 500);
CREATE TABLE "product Attributes" (product int REFERENCES products, name text, val text, PRIMARY KEY (product, name));
INSERT INTO "product Attributes" SELECT p, 'n' || n, p || 'v' FROM generate_series(1, 500) p, generate_series(1, 6) n;
CREATE TABLE pivoted (id serial PRIMARY KEY, product int REFERENCES products, attribute varchar, content text, UNIQUE (product, attribute));
INSERT INTO pivoted (product, attribute, content) SELECT product, name, val FROM "product Attributes";
-- Read by its full key; no foreign key; a number for a value; few calls.
CREATE TABLE settings (LIKE pivoted INCLUDING ALL, FOREIGN KEY (product) REFERENCES products);
INSERT INTO settings SELECT * FROM pivoted;
CREATE TABLE loose (LIKE pivoted INCLUDING ALL);
INSERT INTO loose SELECT * FROM pivoted;
CREATE TABLE amounts (product int REFERENCES products, name text, amount numeric, PRIMARY KEY (product, name));
INSERT INTO amounts SELECT product, name, 1 FROM "product Attributes";
CREATE TABLE rarely (LIKE pivoted INCLUDING ALL, FOREIGN KEY (product) REFERENCES products);
INSERT INTO rarely SELECT * FROM pivoted;
ANALYZE;
DO $$
DECLARE r record; t text; calls int;
BEGIN
    FOR i IN 1 .. 20 LOOP
        EXECUTE 'SELECT p.id, a.val, b.val, c.val FROM products p
                 JOIN "product Attributes" a ON a.product = p.id AND a.name = ''n1''
                 JOIN "product Attributes" b ON b.product = p.id AND b.name = ''n2''
                 JOIN "product Attributes" c ON c.product = p.id AND c.name = ''n3'' WHERE p.id = $1' INTO r USING i;
        EXECUTE 'SELECT content FROM settings WHERE product = $1 AND attribute = $2' INTO r USING i, 'n1';
        EXECUTE 'SELECT max(amount) FILTER (WHERE name = ''n1''), max(amount) FILTER (WHERE name = ''n2''), max(amount) FILTER (WHERE name = ''n3'') FROM amounts WHERE product = $1' INTO r USING i;
        FOREACH t IN ARRAY '{pivoted,loose,rarely}'::text[] LOOP
            CONTINUE WHEN t = 'rarely' AND i > 3;
            EXECUTE format('SELECT max(CASE WHEN attribute = ''n1'' THEN content END), max(CASE WHEN attribute = ''n2'' THEN content END),
                            max(CASE WHEN attribute = ''n3'' THEN content END) FROM %I WHERE product = $1', t) INTO r USING i;
        END LOOP;
    END LOOP;
END
$$;
