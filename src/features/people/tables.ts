import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Who wants nothing from whom. */
export const blocks = sqliteTable(
  'blocks',
  {
    userId: text('user_id').notNull(),
    blockedId: text('blocked_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.blockedId] }),
    index('blocks_by_time').on(table.userId, table.createdAt, table.blockedId),
    index('blocks_by_blocked').on(table.blockedId, table.userId),
  ],
)
