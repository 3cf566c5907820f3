import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { CATEGORIES, type Channel, DIGEST_FREQUENCIES, type Preferences } from './domain/preferences.ts'

/** What is shown in the app. Its indexes hold nothing else, so what is not shown costs its lists nothing. */
export const IS_IN_APP = sql`instr(channels, 'in-app') > 0`

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
    category: text({ enum: CATEGORIES }).notNull(),
    data: text({ mode: 'json' }).$type<Record<string, string>>(),
    actionUrl: text('action_url'),
    /** What keeps one live notification a subject, `room:ID` for one; null stands alone. */
    groupKey: text('group_key'),
    /** How many happenings it stands for. */
    count: integer().notNull().default(1),
    /** Within a group the higher one wins, whatever order events come in. */
    version: integer().notNull().default(1),
    readAt: integer('read_at'),
    /** How the person wanted to be told when it was made. */
    channels: text({ mode: 'json' }).$type<Channel[]>().notNull().default([]),
    /** Whether a channel outside the app has delivered it. */
    sent: integer({ mode: 'boolean' }).notNull().default(false),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('notifications_group').on(table.userId, table.groupKey),
    index('notifications_by_time').on(table.userId, table.updatedAt, table.id).where(IS_IN_APP),
    index('notifications_unread')
      .on(table.userId, table.updatedAt, table.id)
      .where(sql`read_at is null and ${IS_IN_APP}`),
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

/**
 * How each person wants to be told. The person's id is all that tells one from another. Who has changed nothing has no
 * row: theirs are the defaults.
 */
export const notificationPreferences = sqliteTable('notification_preferences', {
  userId: text('user_id').primaryKey(),
  inAppEnabled: integer('in_app_enabled', { mode: 'boolean' }).notNull().default(true),
  emailEnabled: integer('email_enabled', { mode: 'boolean' }).notNull().default(true),
  pushEnabled: integer('push_enabled', { mode: 'boolean' }).notNull().default(true),
  categoryPreferences: text('category_preferences', { mode: 'json' })
    .$type<Preferences['categoryPreferences']>()
    .notNull()
    .default({}),
  emailDigest: integer('email_digest', { mode: 'boolean' }).notNull().default(false),
  digestFrequency: text('digest_frequency', { enum: DIGEST_FREQUENCIES }).notNull().default('daily'),
  updatedAt: integer('updated_at').notNull(),
})
