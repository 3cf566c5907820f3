-- The author of what services write. Nobody has its password, and an inactive account signs nobody in.
INSERT INTO users (id, email, username, password_hash, first_name, last_name, name_key, last_name_key, is_active,
  is_discoverable, created_at, updated_at) VALUES
  ('01930000-0000-7000-8000-000000000100', 'system@selvage.invalid', 'selvage', '$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$qBY0H94Uemvc4Gx1UToAQB+EGgW/Jh8eDXV4810YtuI',
    'Selvage', 'System', 'selvage system', 'system', 0, 0, 0, 0)
ON CONFLICT DO NOTHING;
