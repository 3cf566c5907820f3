import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

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
    /** It holds a mail address, and goes sooner than others. */
    isPersonal: integer('is_personal', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('outbox_unsent').on(table.occurredAt, table.id).where(sql`sent_at is null`),
    index('outbox_personal').on(table.id).where(sql`is_personal = 1`),
  ],
)

/**
 * One row an effect done: a message that comes twice meets its own row. Event ids tell their time, so the
 * primary key also serves pruning and the newest rows of a subscriber.
 */
export const inbox = sqliteTable(
  'inbox',
  {
    subscriber: text().notNull(),
    eventId: text('event_id').notNull(),
    handledAt: integer('handled_at').notNull(),
    /** When the event happened, so that lag can be told; null in rows from before it was kept. */
    occurredAt: integer('occurred_at'),
    /** `claimed` stands before a call to the outside: whether that was made is not known until it is `done`. */
    state: text({ enum: ['claimed', 'done'] })
      .notNull()
      .default('done'),
  },
  (table) => [primaryKey({ columns: [table.subscriber, table.eventId] })],
)

/** What a request with an `Idempotency-Key` has done: written first in the batch of its effect. */
export const idempotency = sqliteTable(
  'idempotency',
  {
    /** Who, and which route: a key means nothing to anybody else. */
    scope: text().notNull(),
    /** SHA-256 of the key. */
    keyHash: text('key_hash').notNull(),
    /** SHA-256 of path and input: the same key with another one is a mistake. */
    fingerprint: text().notNull(),
    /** `processing` only while a claim on an effect outside is held. */
    state: text({ enum: ['processing', 'completed'] })
      .notNull()
      .default('completed'),
    /** HTTP status and `data` of the answer; no secret ever stands here. */
    status: integer(),
    result: text({ mode: 'json' }),
    /** Whose claim it is, and until when; null in a row without one. */
    leaseId: text('lease_id'),
    leaseUntil: integer('lease_until'),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.keyHash] }),
    index('idempotency_by_expiry').on(table.expiresAt),
  ],
)

/** Security and admin acts. Append-only: a trigger refuses every change. */
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
    // Whoever looks through the trail asks by time, by who acted, or by what was acted on, whatever that is.
    index('audit_by_time').on(table.at, table.id),
    index('audit_by_actor').on(table.actorId, table.at, table.id),
    index('audit_by_target_id').on(table.targetId, table.at, table.id),
  ],
)

/**
 * The chain over `audit`, made by the sealer in row order: each hash covers its row and the hash before it,
 * so that no row can be changed, taken out or put between without breaking every later one.
 */
export const auditSeals = sqliteTable(
  'audit_seals',
  {
    /** 1, 2, 3 ... without gap. */
    position: integer().primaryKey(),
    auditId: text('audit_id').notNull(),
    /** The audit row's rowid, by which the sealer goes on. */
    auditRow: integer('audit_row').notNull(),
    /** SHA-256, hex. */
    hash: text().notNull(),
    sealedAt: integer('sealed_at').notNull(),
  },
  (table) => [uniqueIndex('audit_seals_audit').on(table.auditId)],
)
