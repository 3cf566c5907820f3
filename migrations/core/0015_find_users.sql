-- What each person is found by. `marks` has every character and every pair of them of the name between brackets: an index
-- of three characters each knows nothing shorter.
CREATE VIEW user_terms AS SELECT
  users.rowid AS place,
  name_key AS name,
  (WITH RECURSIVE place(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM place WHERE n < length(users.name_key))
    SELECT group_concat('⟦' || substr(users.name_key, n, 1) || '⟧⟦' || substr(users.name_key, n, 2) || '⟧', '') FROM place) AS marks
FROM users;
--> statement-breakpoint
-- Names that contain something. Only those are in it who are still here, without the system itself.
CREATE VIRTUAL TABLE user_names USING fts5(
  name, marks, content = '', contentless_delete = 1, tokenize = 'trigram'
);
--> statement-breakpoint
INSERT INTO user_names (rowid, name, marks) SELECT user_terms.place, name, marks FROM user_terms
  JOIN users ON users.rowid = user_terms.place
  WHERE deleted_at IS NULL AND users.id <> '01930000-0000-7000-8000-000000000100';
--> statement-breakpoint
CREATE TRIGGER users_found AFTER INSERT ON users
WHEN new.deleted_at IS NULL AND new.id <> '01930000-0000-7000-8000-000000000100'
BEGIN
  INSERT INTO user_names (rowid, name, marks) SELECT place, name, marks FROM user_terms WHERE place = new.rowid;
END;
--> statement-breakpoint
CREATE TRIGGER users_lost AFTER DELETE ON users
BEGIN
  DELETE FROM user_names WHERE rowid = old.rowid;
END;
--> statement-breakpoint
CREATE TRIGGER users_renamed AFTER UPDATE OF name_key, deleted_at ON users
WHEN old.name_key IS NOT new.name_key OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
BEGIN
  DELETE FROM user_names WHERE rowid = old.rowid;
  INSERT INTO user_names (rowid, name, marks) SELECT place, name, marks FROM user_terms
    WHERE place = new.rowid AND new.deleted_at IS NULL AND new.id <> '01930000-0000-7000-8000-000000000100';
END;
