import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { CATEGORIES, STATUSES } from './domain/report.ts'

/** What people have reported, with the evidence as their room gave it then: what happens to the message changes nothing. */
export const reports = sqliteTable(
  'reports',
  {
    id: text().primaryKey(),
    reporterId: text('reporter_id').notNull(),
    roomId: text('room_id').notNull(),
    messageId: text('message_id').notNull(),
    category: text({ enum: CATEGORIES }).notNull(),
    note: text(),
    content: text().notNull(),
    authorId: text('author_id').notNull(),
    /** The author's username then. */
    authorName: text('author_name').notNull(),
    sentAt: integer('sent_at').notNull(),
    createdAt: integer('created_at').notNull(),
    status: text({ enum: STATUSES }).notNull().default('open'),
    decidedAt: integer('decided_at'),
    decidedBy: text('decided_by'),
    reason: text(),
  },
  (table) => [
    uniqueIndex('reports_once').on(table.reporterId, table.messageId),
    index('reports_by_message').on(table.messageId, table.status),
    index('reports_by_status').on(table.status, table.createdAt, table.id),
    index('reports_by_author').on(table.authorId),
    index('reports_by_time').on(table.createdAt, table.id),
  ],
)
