-- flags: public notice
-- flags: mixed warning
CREATE TABLE t (at timestamp, opens_local timestamp);
CREATE SCHEMA mixed;
CREATE TABLE mixed.t (made timestamp DEFAULT now(), seen timestamptz);
CREATE SCHEMA good;
CREATE TABLE good.t (at timestamptz DEFAULT now(), day date, starts_local timestamp);
