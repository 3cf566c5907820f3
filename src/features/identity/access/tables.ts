import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { permissions, users } from '../tables.ts'

/** What one user may, or may not, besides what their roles give. A denial wins over every other grant. */
export const userPermissions = sqliteTable(
  'user_permissions',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    permissionId: text('permission_id')
      .notNull()
      .references(() => permissions.id, { onDelete: 'cascade' }),
    effect: text({ enum: ['allow', 'deny'] }).notNull(),
    grantedBy: text('granted_by').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.permissionId] })],
)

/** What one user may do with one thing that is not theirs. */
export const resourcePermissions = sqliteTable(
  'resource_permissions',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** `room`, `post`, ...: a type that has a loader. */
    resource: text().notNull(),
    resourceId: text('resource_id').notNull(),
    action: text().notNull(),
    grantedBy: text('granted_by').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.resource, table.resourceId, table.action] }),
    index('resource_permissions_by_thing').on(table.resource, table.resourceId, table.userId),
  ],
)
