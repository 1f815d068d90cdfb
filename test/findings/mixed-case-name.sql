-- flags: public notice
-- flags: "Odd"
CREATE TABLE "Users" (id int, "firstName" text);
CREATE SCHEMA "Odd";
CREATE TABLE "Odd".t ("two words" int);
CREATE SCHEMA good;
CREATE TABLE good.users_2 (id int, größe int, a$b int, _c int, "order" int);
