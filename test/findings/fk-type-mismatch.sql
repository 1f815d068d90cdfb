-- flags: public.num.parent warning
-- flags: public.local.at
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE numbers (n numeric PRIMARY KEY);
CREATE TABLE num (parent int REFERENCES numbers);
CREATE TABLE moment (at timestamptz PRIMARY KEY);
CREATE TABLE local (at date REFERENCES moment);

CREATE DOMAIN whole AS int;
CREATE DOMAIN wholer AS whole;
CREATE TABLE by_domain (parent wholer REFERENCES parent);
CREATE TABLE wider (parent bigint REFERENCES parent);
CREATE TABLE code (id varchar(50) PRIMARY KEY);
CREATE TABLE longer (id varchar(100) REFERENCES code);
CREATE TABLE texts (id text REFERENCES code);
