-- flags: public.orders.status notice
SELECT advisor.set_threshold('enum-like-text', 'min_rows', 1000);
CREATE TABLE kinds (kind text PRIMARY KEY);
INSERT INTO kinds VALUES ('a'), ('b');
CREATE TABLE orders (id int PRIMARY KEY, status text, checked text CHECK (checked IN ('a', 'b')), kind text REFERENCES kinds, city text,
                     liked text, never_asked text, hardly_asked text);
INSERT INTO orders SELECT g, (ARRAY['new', 'paid', 'sent'])[g % 3 + 1], 'a', 'b', 'city ' || g % 500, 'x' || g % 3, 'y' || g % 3, 'z' || g % 3 FROM generate_series(1, 3000) g;
UPDATE orders SET checked = 'b', kind = 'a' WHERE id % 2 = 0;
ANALYZE;
DO $$ BEGIN
    FOR i IN 1 .. 10 LOOP
        PERFORM FROM orders WHERE status = 'new';
        PERFORM FROM orders WHERE status IN ('new', 'paid') AND id > 5;
        PERFORM FROM orders WHERE checked = 'a';
        PERFORM FROM orders WHERE kind = 'a';
        PERFORM FROM orders WHERE city = 'city 1';
        PERFORM FROM orders WHERE liked LIKE 'x%';
    END LOOP;
    PERFORM FROM orders WHERE hardly_asked = 'z1';
END $$;
