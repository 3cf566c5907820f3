import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

export const notifications = sqliteTable(
  'notifications',
  {
    id: text().primaryKey(),
    userId: text('user_id').notNull(),
    title: text().notNull(),
    message: text().notNull(),
    type: text({ enum: ['info', 'success', 'warning', 'error'] })
      .notNull()
      .default('info'),
    category: text({ enum: ['new_message', 'new_follower', 'post_liked', 'comment', 'system'] }).notNull(),
    data: text({ mode: 'json' }).$type<Record<string, string>>(),
    actionUrl: text('action_url'),
    /** What keeps one live notification a subject, `room:ID` for one; null stands alone. */
    groupKey: text('group_key'),
    /** How many happenings it stands for. */
    count: integer().notNull().default(1),
    /** Within a group the higher one wins, whatever order events come in. */
    version: integer().notNull().default(1),
    readAt: integer('read_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('notifications_group').on(table.userId, table.groupKey),
    index('notifications_by_time').on(table.userId, table.updatedAt, table.id),
    index('notifications_unread').on(table.userId, table.updatedAt, table.id).where(sql`read_at is null`),
  ],
)

/**
 * How far a person has seen a group: an event up to there that comes late raises nothing. The group `''` is all of
 * them, and its version the time at which they were read.
 */
export const notificationWatermarks = sqliteTable(
  'notification_watermarks',
  {
    userId: text('user_id').notNull(),
    groupKey: text('group_key').notNull(),
    seenVersion: integer('seen_version').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.groupKey] })],
)
