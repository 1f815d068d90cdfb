-- Indexes that another one makes superfluous, by definition alone
--
-- inputs: indexes
-- what: indexrelid, covered_by, kind (duplicate, prefix, unique-repeats), needed_for (null, or constraint), as
--   advisor.redundant_indexes() has it. Only tables of which two indexes have the same method and first key are read.
SELECT r.index::oid AS indexrelid, r.covered_by::oid AS covered_by, r.kind, r.needed_for
FROM advisor.redundant_indexes(ARRAY(SELECT i.relid::regclass FROM indexes i WHERE i.is_valid
                                     GROUP BY i.relid HAVING count(*) > count(DISTINCT (i.am, i.keys[1])))) r
