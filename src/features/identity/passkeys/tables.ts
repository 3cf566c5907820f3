import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../tables.ts'

/** A WebAuthn credential: the public half of a key that a person's device or password manager keeps. */
export const passkeys = sqliteTable(
  'passkeys',
  {
    /** The credential's id, base64url, as the authenticator gave it. */
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** COSE, base64url. */
    publicKey: text('public_key').notNull(),
    /** The authenticator's signature counter; one that goes back means a copy. Many always say 0. */
    counter: integer().notNull(),
    transports: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** Whether it is synced between devices. */
    isBackedUp: integer('is_backed_up', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [index('passkeys_by_user').on(table.userId, table.createdAt)],
)
