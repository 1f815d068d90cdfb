-- flags: public.t.a notice
-- flags: public.t."B"
CREATE TABLE t (a timestamp(0), "B" timestamptz(0), c timestamptz, d timestamptz(3), e time(0));
