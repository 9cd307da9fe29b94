-- Migrations only add; going back is restoring a backup.
SELECT 1;
