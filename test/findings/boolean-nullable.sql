-- flags: public.t.hidden notice
-- flags: public.t."Shut" notice
-- flags: public.t.off notice
-- flags: public.t.unequal notice
CREATE TABLE t (id int PRIMARY KEY, hidden boolean, "Shut" boolean, off boolean, sure boolean NOT NULL DEFAULT false, three boolean, never_asked boolean, yes boolean, agreed boolean, unequal boolean, asked boolean);
INSERT INTO t SELECT g, nullif(g % 3 = 0, true), false, false, false, NULL, NULL, true, true, true, true FROM generate_series(1, 100) g;
ANALYZE;
SELECT count(*) FROM t WHERE NOT hidden;
SELECT count(*) FROM t WHERE NOT "Shut" AND id > 5;
SELECT count(*) FROM t WHERE off = false;
SELECT count(*) FROM t WHERE NOT sure;
SELECT count(*) FROM t WHERE NOT three;
SELECT count(*) FROM t WHERE three IS NOT TRUE;
SELECT count(*) FROM t WHERE yes;
SELECT count(*) FROM t WHERE agreed = true OR agreed <> false;
SELECT count(*) FROM t WHERE unequal <> true;
PREPARE q(boolean) AS SELECT count(*) FROM t WHERE asked = $1;
EXECUTE q(false);
SELECT never_asked FROM t;
