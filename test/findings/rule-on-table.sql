-- flags: "Odd r" on public.t notice
CREATE TABLE t (x int);
CREATE RULE "Odd r" AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE TABLE plain (x int);
CREATE VIEW v AS SELECT * FROM t;
CREATE RULE on_view AS ON INSERT TO v DO INSTEAD INSERT INTO plain VALUES (new.x);
