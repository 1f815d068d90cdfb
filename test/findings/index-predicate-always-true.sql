-- flags: public.t_a_idx notice
-- flags: "S s"."I ""x" notice
-- flags: public.t_unique notice
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int NOT NULL, c int);
CREATE INDEX ON t (a) WHERE a IS NOT NULL;
CREATE UNIQUE INDEX t_unique ON t (a, b) WHERE a IS NOT NULL;
CREATE SCHEMA "S s";
CREATE TABLE "S s"."T t" ("a b" int NOT NULL, "C" text NOT NULL);
CREATE INDEX "I ""x" ON "S s"."T t" ("a b", lower("C")) INCLUDE ("C") WITH (fillfactor = 70) WHERE "C" IS NOT NULL AND "a b" IS NOT NULL;
-- Leaves something out; says something else; no predicate.
CREATE INDEX ON t (c) WHERE c IS NOT NULL;
CREATE INDEX ON t (a) WHERE a IS NOT NULL AND c IS NOT NULL;
CREATE INDEX ON t (b) WHERE b > 0;
CREATE INDEX ON t (b) WHERE b IS NOT NULL AND a > 0;
CREATE INDEX ON t (b, a);
