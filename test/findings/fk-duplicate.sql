-- flags: again on public.child warning
-- flags: swapped on public."Odd child" warning
-- flags: restricts on public.conflicting critical
-- flags: deferred on public.different warning
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE pair (a int, b int, PRIMARY KEY (a, b), UNIQUE (b, a));
CREATE TABLE child (p int REFERENCES parent);
ALTER TABLE child ADD CONSTRAINT again FOREIGN KEY (p) REFERENCES parent (id);
CREATE TABLE "Odd child" ("X" int, y int, FOREIGN KEY ("X", y) REFERENCES pair ON DELETE CASCADE);
ALTER TABLE "Odd child" ADD CONSTRAINT swapped FOREIGN KEY (y, "X") REFERENCES pair (b, a) ON DELETE CASCADE;
CREATE TABLE conflicting (p int REFERENCES parent ON DELETE CASCADE);
ALTER TABLE conflicting ADD CONSTRAINT restricts FOREIGN KEY (p) REFERENCES parent ON DELETE RESTRICT;
CREATE TABLE different (p int REFERENCES parent);
ALTER TABLE different ADD CONSTRAINT deferred FOREIGN KEY (p) REFERENCES parent DEFERRABLE;

-- Other columns, other pairs of the same columns, another table.
CREATE TABLE orders (buyer int REFERENCES parent, seller int REFERENCES parent);
CREATE TABLE crossed (x int, y int, FOREIGN KEY (x, y) REFERENCES pair (a, b), FOREIGN KEY (y, x) REFERENCES pair (a, b));
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE both_of (p int REFERENCES parent REFERENCES other);
