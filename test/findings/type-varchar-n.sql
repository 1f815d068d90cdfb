-- flags: public notice
-- flags: "Odd schema" notice
CREATE TABLE t (a varchar(255), b varchar(256));
CREATE SCHEMA "Odd schema";
CREATE TABLE "Odd schema".t (a varchar(191));
CREATE SCHEMA good;
CREATE TABLE good.t (a varchar(20), b text, c varchar, d char(255), e varchar(100));
