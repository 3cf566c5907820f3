import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Messages that failed as often as their lane tries: kept until somebody redrives or discards them. */
export const deadLetters = sqliteTable(
  'dead_letters',
  {
    id: text().primaryKey(),
    /** `SUBSCRIBER EVENT_ID`, or the queue's message id where the message cannot be read: one row a failure. */
    subject: text().notNull(),
    lane: text({ enum: ['critical', 'normal', 'bulk'] }).notNull(),
    subscriber: text(),
    eventId: text('event_id'),
    eventType: text('event_type'),
    body: text({ mode: 'json' }).notNull(),
    attempts: integer().notNull(),
    /** Redacted. */
    lastError: text('last_error'),
    status: text({ enum: ['waiting', 'redriven', 'discarded'] })
      .notNull()
      .default('waiting'),
    /** Raised by each failure and each decision; the `sequence` of its events. */
    version: integer().notNull().default(1),
    firstSeenAt: integer('first_seen_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    decidedAt: integer('decided_at'),
    decidedBy: text('decided_by'),
    reason: text(),
  },
  (table) => [
    uniqueIndex('dead_letters_subject').on(table.subject),
    index('dead_letters_by_status').on(table.status, table.lastSeenAt, table.id),
    index('dead_letters_by_time').on(table.lastSeenAt, table.id),
  ],
)
