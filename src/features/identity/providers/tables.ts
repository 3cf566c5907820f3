import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../tables.ts'

/** An account at an outside provider that signs its holder in here. */
export const linkedIdentities = sqliteTable(
  'linked_identities',
  {
    /** The provider's id in our settings. */
    provider: text().notNull(),
    /** The provider's own, unchanging id of the person. */
    subject: text().notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** As the provider told it when it was linked; for its owner to know it again. */
    email: text(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.subject] }),
    index('linked_identities_by_user').on(table.userId, table.provider),
  ],
)
