-- flags: child_parent_fkey on public.child warning
-- flags: "Odd fk" on other."Odd child"
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (parent int);
ALTER TABLE child ADD FOREIGN KEY (parent) REFERENCES parent ON DELETE CASCADE DEFERRABLE NOT VALID;
CREATE SCHEMA other;
CREATE TABLE other."Odd child" ("P" int);
ALTER TABLE other."Odd child" ADD CONSTRAINT "Odd fk" FOREIGN KEY ("P") REFERENCES parent NOT VALID;

-- Validated; a CHECK, which is another rule's; validated on a partitioned table.
CREATE TABLE good (parent int REFERENCES parent);
ALTER TABLE good ADD CHECK (parent > 0) NOT VALID;
CREATE TABLE parted (parent int REFERENCES parent) PARTITION BY LIST (parent);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
