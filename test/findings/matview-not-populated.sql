-- flags: public."Never ""f" warning
-- flags: public.emptied warning
CREATE MATERIALIZED VIEW "Never ""f" AS SELECT 1 AS x WITH NO DATA;
CREATE MATERIALIZED VIEW emptied AS SELECT 1 AS x;
REFRESH MATERIALIZED VIEW emptied WITH NO DATA;
-- Filled, if with nothing; no materialised view.
CREATE MATERIALIZED VIEW filled AS SELECT 1 AS x;
CREATE MATERIALIZED VIEW no_rows AS SELECT 1 AS x WHERE false;
CREATE VIEW plain AS SELECT 1 AS x;
