-- flags: public.contacts.phone1 notice
CREATE TABLE contacts (id int PRIMARY KEY, phone1 text, phone2 text, phone3 text, address_line1 text, address_line2 text, address_line3 text,
                       q1 int, q2 int, q3 int, v1 int, v2 int, v3 int, w1 int, w2 text, w3 int, sha256 text, two1 int, two2 int, gap1 int, gap2 int, gap4 int);
INSERT INTO contacts SELECT g, 'x', CASE WHEN g % 2 = 0 THEN 'x' END, CASE WHEN g % 5 = 0 THEN 'x' END, 'x', CASE WHEN g % 2 = 0 THEN 'x' END,
       CASE WHEN g % 5 = 0 THEN 'x' END, 1, CASE WHEN g % 2 = 0 THEN 1 END, NULL, g, g, g, 1, CASE WHEN g % 2 = 0 THEN 'x' END, NULL, 'x', 1, NULL,
       1, CASE WHEN g % 2 = 0 THEN 1 END, NULL
FROM generate_series(1, 1000) g;
ANALYZE;
