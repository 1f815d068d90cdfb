-- Foreign keys between tables, on a partitioned table once
--
-- inputs: tables
-- what: conoid, name, relid (referencing), target (referenced relid), columns and target_columns (attnums in the
--   constraint's order), on_delete, on_update (confdeltype, confupdtype), match, validated, definition
SELECT k.oid AS conoid, k.conname::text AS name, k.conrelid AS relid, k.confrelid AS target,
       k.conkey AS columns, k.confkey AS target_columns, k.confdeltype AS on_delete, k.confupdtype AS on_update,
       k.confmatchtype AS match, k.convalidated AS validated, pg_get_constraintdef(k.oid) AS definition
FROM tables t JOIN pg_constraint k ON k.conrelid = t.relid
WHERE k.contype = 'f' AND k.conparentid = 0
