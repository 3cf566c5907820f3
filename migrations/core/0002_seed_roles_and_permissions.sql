INSERT INTO roles (id, name, description, level) VALUES
  ('01930000-0000-7000-8000-000000000001', 'guest', 'Anybody, signed in or not', 0),
  ('01930000-0000-7000-8000-000000000002', 'user', 'A registered person; acts on what is their own', 1),
  ('01930000-0000-7000-8000-000000000003', 'moderator', 'Looks after content, products and orders', 2),
  ('01930000-0000-7000-8000-000000000004', 'admin', 'May do everything', 3)
ON CONFLICT (name) DO UPDATE SET description = excluded.description, level = excluded.level;
--> statement-breakpoint
INSERT INTO permissions (id, name, description, resource, action) VALUES
  ('01930000-0000-7000-8000-000000000005', 'create:user', 'Create users', 'user', 'create'),
  ('01930000-0000-7000-8000-000000000006', 'read:user', 'Read users', 'user', 'read'),
  ('01930000-0000-7000-8000-000000000007', 'update:user', 'Change users', 'user', 'update'),
  ('01930000-0000-7000-8000-000000000008', 'delete:user', 'Delete users', 'user', 'delete'),
  ('01930000-0000-7000-8000-000000000009', 'create:product', 'Create products', 'product', 'create'),
  ('01930000-0000-7000-8000-000000000010', 'read:product', 'Read products', 'product', 'read'),
  ('01930000-0000-7000-8000-000000000011', 'update:product', 'Change products', 'product', 'update'),
  ('01930000-0000-7000-8000-000000000012', 'delete:product', 'Delete products', 'product', 'delete'),
  ('01930000-0000-7000-8000-000000000013', 'publish:product', 'Publish products', 'product', 'publish'),
  ('01930000-0000-7000-8000-000000000014', 'create:order', 'Create orders', 'order', 'create'),
  ('01930000-0000-7000-8000-000000000015', 'read:order', 'Read orders', 'order', 'read'),
  ('01930000-0000-7000-8000-000000000016', 'update:order', 'Change orders', 'order', 'update'),
  ('01930000-0000-7000-8000-000000000017', 'cancel:order', 'Cancel orders', 'order', 'cancel'),
  ('01930000-0000-7000-8000-000000000018', 'refund:order', 'Refund orders', 'order', 'refund'),
  ('01930000-0000-7000-8000-000000000019', 'moderate:content', 'Moderate content', 'content', 'moderate'),
  ('01930000-0000-7000-8000-000000000020', 'delete:content', 'Delete content', 'content', 'delete'),
  ('01930000-0000-7000-8000-000000000021', 'view:analytics', 'View analytics', 'analytics', 'view'),
  ('01930000-0000-7000-8000-000000000022', 'manage:settings', 'Manage settings', 'settings', 'manage'),
  ('01930000-0000-7000-8000-000000000023', 'view:logs', 'View logs', 'logs', 'view')
ON CONFLICT (name) DO UPDATE SET description = excluded.description;
--> statement-breakpoint
INSERT INTO role_permissions (role_id, permission_id)
SELECT roles.id, permissions.id FROM roles JOIN permissions
WHERE roles.name = 'guest' AND permissions.name IN ('read:product')
ON CONFLICT DO NOTHING;
--> statement-breakpoint
INSERT INTO role_permissions (role_id, permission_id)
SELECT roles.id, permissions.id FROM roles JOIN permissions
WHERE roles.name = 'user' AND permissions.name IN ('read:user', 'update:user', 'read:product', 'create:order', 'read:order')
ON CONFLICT DO NOTHING;
--> statement-breakpoint
INSERT INTO role_permissions (role_id, permission_id)
SELECT roles.id, permissions.id FROM roles JOIN permissions
WHERE roles.name = 'moderator' AND permissions.name IN ('read:user', 'read:product', 'update:product', 'moderate:content', 'delete:content', 'read:order', 'update:order', 'view:analytics')
ON CONFLICT DO NOTHING;
--> statement-breakpoint
INSERT INTO role_permissions (role_id, permission_id)
SELECT roles.id, permissions.id FROM roles JOIN permissions
WHERE roles.name = 'admin' AND permissions.name IN ('create:user', 'read:user', 'update:user', 'delete:user', 'create:product', 'read:product', 'update:product', 'delete:product', 'publish:product', 'create:order', 'read:order', 'update:order', 'cancel:order', 'refund:order', 'moderate:content', 'delete:content', 'view:analytics', 'manage:settings', 'view:logs')
ON CONFLICT DO NOTHING;
