import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * The tables that every database carries, from this one definition. Beside them stands the view
 * `commit_guard` with its trigger (see `commit.ts`), which a custom migration makes in each database.
 */

/** Business events, written in the batch of the change that they tell of. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: text().primaryKey(),
    type: text().notNull(),
    version: integer().notNull(),
    aggregateType: text('aggregate_type').notNull(),
    aggregateId: text('aggregate_id').notNull(),
    sequence: integer().notNull(),
    occurredAt: integer('occurred_at').notNull(),
    correlationId: text('correlation_id').notNull(),
    traceparent: text().notNull(),
    payload: text({ mode: 'json' }).notNull(),
    /** When the last of its messages was accepted by a queue. */
    sentAt: integer('sent_at'),
  },
  (table) => [index('outbox_unsent').on(table.occurredAt, table.id).where(sql`sent_at is null`)],
)

/** One row an effect done: a message that comes twice meets its own row. */
export const inbox = sqliteTable(
  'inbox',
  {
    subscriber: text().notNull(),
    eventId: text('event_id').notNull(),
    handledAt: integer('handled_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.subscriber, table.eventId] })],
)

/** Security and admin acts. Append-only. */
export const audit = sqliteTable(
  'audit',
  {
    id: text().primaryKey(),
    action: text().notNull(),
    actorId: text('actor_id'),
    targetType: text('target_type').notNull(),
    targetId: text('target_id').notNull(),
    reason: text(),
    ip: text(),
    userAgent: text('user_agent'),
    correlationId: text('correlation_id').notNull(),
    details: text({ mode: 'json' }),
    at: integer().notNull(),
  },
  (table) => [
    index('audit_by_action').on(table.action, table.at),
    index('audit_by_target').on(table.targetType, table.targetId, table.at),
  ],
)
