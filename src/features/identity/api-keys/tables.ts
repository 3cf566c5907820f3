import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../tables.ts'

/** A key with which a program acts for a user, within its scopes. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    /** Stands in the key, so that it is found without a search. */
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** SHA-256 of the key's secret. */
    hash: text().notNull(),
    /** The last characters of the key, by which its owner knows it again. */
    hint: text().notNull(),
    scopes: text({ mode: 'json' }).$type<string[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    /** To the minute: not every use is written. */
    lastUsedAt: integer('last_used_at'),
    lastUsedIp: text('last_used_ip'),
    revokedAt: integer('revoked_at'),
  },
  // The live ones in order, all of a user's for taking them away, and for erasing them.
  (table) => [index('api_keys_by_user').on(table.userId, table.revokedAt, table.id)],
)
