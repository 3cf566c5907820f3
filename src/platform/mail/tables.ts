import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The mailbox of a laptop, where mails go that would go out elsewhere. Empty in production. */
export const devMails = sqliteTable('dev_mails', {
  /** The key that it was sent by: the same mail comes once. */
  id: text().primaryKey(),
  toAddress: text('to_address').notNull(),
  toName: text('to_name').notNull(),
  subject: text().notNull(),
  html: text().notNull(),
  text: text().notNull(),
  createdAt: integer('created_at').notNull(),
})
