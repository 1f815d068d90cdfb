-- flags: public.old warning
-- flags: public."Par ""ted" warning
-- undo: stays away, rows stay frozen
-- 200 transactions of a share of 2^31: old tables have more, frozen ones less.
SELECT advisor.set_threshold('xid-wraparound', 'warning_share', 1e-7);
CREATE TABLE old (x int);
CREATE TABLE "Par ""ted" (x int) PARTITION BY LIST (x);
CREATE TABLE part_1 PARTITION OF "Par ""ted" FOR VALUES IN (1);
CREATE TABLE frozen (x int, y text);
DO $$ BEGIN FOR i IN 1 .. 260 LOOP INSERT INTO old VALUES (i); COMMIT; END LOOP; END $$;
VACUUM (FREEZE) frozen;
CREATE TABLE young (x int);
