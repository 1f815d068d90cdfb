-- flags: public.ends critical
-- flags: "S s"."Ends later" warning
-- flags: public.has_default warning
-- flags: public.by_day warning
-- ask: SET TimeZone = 'Europe/Paris'
CREATE SCHEMA "S s";
CREATE PROCEDURE part(parent regclass, part text, low text, high text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%s) TO (%s)', part, parent, low, high);
END
$$;
SET TimeZone = 'Europe/Paris';
CREATE TABLE ends (at timestamptz, v int) PARTITION BY RANGE (at);
CALL part('ends', 'ends_1', 'MINVALUE', quote_literal(now() - interval '30 days'));
CALL part('ends', 'ends_2', quote_literal(now() - interval '30 days'), quote_literal(now() + interval '1 day'));
CREATE TABLE "S s"."Ends later" (at timestamp, v int) PARTITION BY RANGE (at);
CALL part('"S s"."Ends later"', '"S s"."Last"', quote_literal(now()::timestamp - interval '30 days'), quote_literal(now()::timestamp + interval '7 days'));
CREATE TABLE has_default (at date, v int) PARTITION BY RANGE (at);
CALL part('has_default', 'has_default_1', quote_literal(current_date - 30), quote_literal(current_date + 1));
CREATE TABLE has_default_rest PARTITION OF has_default DEFAULT;
CREATE TABLE by_day (at date, v int) PARTITION BY RANGE (at);
CALL part('by_day', 'by_day_1', quote_literal(current_date), quote_literal(current_date + 1));
CALL part('by_day', 'by_day_2', quote_literal(current_date + 1), quote_literal(current_date + 2));
-- far enough; days made in advance; open end; no rows of today; another key
CREATE TABLE far (at timestamptz, v int) PARTITION BY RANGE (at);
CALL part('far', 'far_1', quote_literal(now() - interval '30 days'), quote_literal(now() + interval '15 days'));
CREATE TABLE days (at date, v int) PARTITION BY RANGE (at);
CALL part('days', 'days_1', quote_literal(current_date), quote_literal(current_date + 3));
CALL part('days', 'days_2', quote_literal(current_date + 3), quote_literal(current_date + 4));
CREATE TABLE open_end (at timestamptz, v int) PARTITION BY RANGE (at);
CALL part('open_end', 'open_end_1', quote_literal(now() - interval '30 days'), 'MAXVALUE');
CREATE TABLE quiet (at timestamptz, v int) PARTITION BY RANGE (at);
CALL part('quiet', 'quiet_1', quote_literal(now() - interval '30 days'), quote_literal(now() + interval '1 day'));
CREATE TABLE numbered (at int, v int) PARTITION BY RANGE (at);
CALL part('numbered', 'numbered_1', '0', '10');
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY '{ends,"\"S s\".\"Ends later\"",has_default,by_day,far,days,open_end}'::text[] LOOP
        EXECUTE format('INSERT INTO %s VALUES (now(), 1)', t);
    END LOOP;
END
$$;
INSERT INTO numbered VALUES (1, 1);
ANALYZE;
