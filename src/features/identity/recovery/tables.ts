import { integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { TOKEN_PURPOSES } from '../domain/mailed-tokens.ts'
import { users } from '../tables.ts'

/** The newest token of each kind that a user was mailed; a new one takes the place of the one before. */
export const mailedTokens = sqliteTable(
  'mailed_tokens',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text({ enum: TOKEN_PURPOSES }).notNull(),
    /** The event that asked for it: the token is derived from it, so that it stands nowhere in clear. */
    requestId: text('request_id').notNull(),
    /** SHA-256 of the token. */
    hash: text().notNull(),
    /** Where it was sent: the only address that it proves. */
    email: text().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.purpose] }), uniqueIndex('mailed_tokens_hash').on(table.hash)],
)
