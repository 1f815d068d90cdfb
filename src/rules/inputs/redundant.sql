-- Indexes that another one makes superfluous, by definition alone
--
-- inputs: indexes
-- what: indexrelid, covered_by, kind (duplicate, prefix, unique-repeats), needed_for (null, or constraint), as
--   advisor.redundant_indexes() has it. Only tables are read of which one index has the first columns of another.
SELECT r.index::oid AS indexrelid, r.covered_by::oid AS covered_by, r.kind, r.needed_for
FROM advisor.redundant_indexes(ARRAY(SELECT DISTINCT i.relid::regclass
                                     FROM indexes i JOIN indexes w ON w.relid = i.relid AND w.indexrelid <> i.indexrelid
                                     WHERE i.is_valid AND w.is_valid AND i.am = w.am
                                       AND i.keys = w.keys[1:cardinality(i.keys)])) r
