-- The view holds nothing. An insert into it asks whether the statement before it, in the same batch,
-- changed a row, and aborts the whole batch with the guard's name if it did not.
CREATE VIEW commit_guard AS SELECT '' AS name WHERE 0;
--> statement-breakpoint
CREATE TRIGGER commit_guard_changed INSTEAD OF INSERT ON commit_guard
WHEN changes() = 0
BEGIN
  SELECT raise(ABORT, 'guard:' || NEW.name);
END;
