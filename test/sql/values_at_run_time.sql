-- Statements of which only a value tells what they search for: patterns that are parameters, settings of the session.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_advisor;
CREATE SCHEMA run_time;
SET search_path = run_time;
CREATE TABLE town (id int PRIMARY KEY, name text COLLATE "en-x-icu" NOT NULL, people int);
INSERT INTO town SELECT g, 'Town' || md5(g::text), g % 1000 FROM generate_series(1, 30000) g;
VACUUM ANALYZE town;

-- The pattern of an expression
SELECT advisor.reset();
PREPARE begins_with AS SELECT id, people FROM town WHERE lower(name) LIKE $1;
EXECUTE begins_with('towna12%');
EXECUTE begins_with('townb33%');
SELECT ddl FROM advisor.suggest_indexes();
SELECT advisor.reset();

-- A setting that only the application's sessions have is not taken for NULL, of which there is no row.
CREATE TABLE visit (id int PRIMARY KEY, clinic text NOT NULL, visited date NOT NULL, note text);
INSERT INTO visit SELECT g, 'c' || abs(hashint4(g)) % 60, date '2023-01-01' + abs(hashint4(g + 1)) % 700, md5(g::text)
  FROM generate_series(1, 40000) g;
VACUUM ANALYZE visit;
CREATE FUNCTION my_clinic() RETURNS text LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.clinic', true), '') $$;
SELECT ddl FROM advisor.suggest_indexes(ARRAY[
  'SELECT note FROM visit WHERE clinic = current_setting(''app.clinic'', true) AND visited BETWEEN ''2023-03-01'' AND ''2023-03-07''']);
SELECT ddl FROM advisor.suggest_indexes(ARRAY[
  'SELECT note FROM visit WHERE clinic = my_clinic() AND visited BETWEEN ''2023-03-01'' AND ''2023-03-07''']);

-- A failing one is left to the planner's guess.
SELECT ddl FROM advisor.suggest_indexes(ARRAY[
  'SELECT note FROM visit WHERE clinic = current_setting(''app.nothing'') AND visited BETWEEN ''2023-03-01'' AND ''2023-03-07''']);

-- Keywords that may be left out are no values either, where constants are masked in the tree.
SET pg_advisor.sample_texts = off;
CREATE TABLE word (w text);
SELECT count(*) FROM word WHERE normalize(w) = 'x' AND w IS NORMALIZED AND w IS NFD NORMALIZED;
SELECT count(*) FROM word WHERE extract(year FROM w::date) = 2024;
RESET pg_advisor.sample_texts;
SELECT calls, query FROM advisor.statements WHERE query ~ 'FROM word' ORDER BY query;
DROP SCHEMA run_time CASCADE;
