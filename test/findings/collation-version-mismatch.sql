-- flags: public."Old order" critical
-- undo: stays away, what was sorted anew is sorted anew
CREATE COLLATION "Old order" (provider = icu, locale = 'en-US');
CREATE COLLATION current (provider = icu, locale = 'de');
CREATE COLLATION unused (provider = icu, locale = 'fr');
CREATE TABLE t (a text COLLATE "Old order" UNIQUE, b text COLLATE current, c text COLLATE "C", d text COLLATE unused, n int);
CREATE INDEX ON t (b);
CREATE INDEX ON t (c);
CREATE INDEX "Odd index" ON t (n) WHERE d < 'x' COLLATE "Old order";
CREATE INDEX by_hash ON t USING hash (d);
CREATE TABLE excluded (a text COLLATE "Old order", EXCLUDE USING btree (a WITH =));
INSERT INTO t SELECT g, g, g, g, g FROM generate_series(1, 100) g;
UPDATE pg_collation SET collversion = '1' WHERE collname IN ('Old order', 'unused');
