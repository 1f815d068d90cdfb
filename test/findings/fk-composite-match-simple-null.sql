-- flags: both_a_b_fkey on public."both" warning
-- flags: "Odd fk" on public."Odd" warning
-- flags: mixed_a_b_fkey on public.mixed notice
CREATE TABLE pair (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE "both" (a int, b int, FOREIGN KEY (a, b) REFERENCES pair);
CREATE TABLE "Odd" ("A" int, b int, CONSTRAINT "Odd fk" FOREIGN KEY ("A", b) REFERENCES pair);
CREATE TABLE mixed (a int NOT NULL, b int, FOREIGN KEY (a, b) REFERENCES pair);

-- A CHECK says all or none; always set; MATCH FULL; the part that is set has a foreign key of its own; one column.
CREATE TABLE checked (a int, b int, FOREIGN KEY (a, b) REFERENCES pair, CHECK (num_nulls(a, b) IN (0, 2)));
CREATE TABLE always (a int NOT NULL, b int NOT NULL, FOREIGN KEY (a, b) REFERENCES pair);
CREATE TABLE full_match (a int, b int, FOREIGN KEY (a, b) REFERENCES pair MATCH FULL);
CREATE TABLE tenant (id int PRIMARY KEY);
CREATE TABLE item (tenant int NOT NULL REFERENCES tenant, id int, parent int, PRIMARY KEY (tenant, id),
                   FOREIGN KEY (tenant, parent) REFERENCES item);
CREATE TABLE single (t int REFERENCES tenant);
