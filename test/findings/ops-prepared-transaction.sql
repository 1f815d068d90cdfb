-- flags: prepared transaction 'left ''behind' warning
-- finally: ROLLBACK PREPARED 'left ''behind'
-- Just prepared: not yet.
CREATE TABLE t (x int);
BEGIN;
INSERT INTO t VALUES (1);
PREPARE TRANSACTION 'left ''behind';
DO $$ BEGIN
    ASSERT NOT EXISTS (SELECT FROM advisor.findings WHERE rule = 'ops-prepared-transaction'), 'too early';
END $$;
SELECT advisor.set_threshold('ops-prepared-transaction', 'min_minutes', 0);
