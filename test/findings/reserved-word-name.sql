-- flags: public notice
-- flags: other
CREATE TABLE "user" (id int);
CREATE SCHEMA other;
CREATE TABLE other.t ("order" int);
CREATE SCHEMA good;
CREATE TABLE good.t (name text, value int, type text, "time" time, "values" int, "Order" int, date date);
