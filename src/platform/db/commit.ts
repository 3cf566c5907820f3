import { type SQLWrapper, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import type { Refusal } from '../errors.ts'
import type { AuditEntry, EventEnvelope } from '../events.ts'
import type { RememberedRow } from '../idempotency/idempotency.ts'
import { whyUnavailable } from '../unavailable.ts'
import type { D1Client } from './metered-d1.ts'
import { audit, idempotency, inbox, outbox } from './platform-tables.ts'

/** What drizzle's builders make, or `sql` itself. drizzle's own batch would not take the latter. */
type Statement = SQLWrapper

/**
 * One step of a commit, in order:
 * a statement; a guard, which looks at the statement right before it; an event; an audit entry; the answer that
 * repeats of the request get; the mark that a message was handled.
 */
export type Step =
  | Statement
  | { readonly guard: string }
  | { readonly remember: RememberedRow }
  | { readonly handled: HandledRow }
  | { readonly event: EventEnvelope; readonly sentAt?: number; readonly isPersonal?: boolean }
  | { readonly audit: AuditEntry }

/**
 * The statement before this step must have changed a row, or the whole batch rolls back and the
 * commit throws `GuardFailed` with this name (or the refusal that `refusals` has for it).
 * `WHERE changes() > 0` on later statements would not do: with two guards it commits one half.
 */
export function expectChanged(name: string): Step {
  if (!/^[\w:.-]{1,80}$/.test(name)) throw new Error(`Not a guard's name: ${name}`)
  return { guard: name }
}

export class GuardFailed extends Error {
  override readonly name = 'GuardFailed'
  readonly guard: string
  constructor(guard: string) {
    super(`Guard failed: ${guard}`)
    this.guard = guard
  }
}

/** A UNIQUE, CHECK, NOT NULL or FOREIGN KEY constraint said no; `constraint` is as SQLite names it. */
export class ConstraintFailed extends Error {
  override readonly name = 'ConstraintFailed'
  readonly constraint: string
  constructor(constraint: string) {
    super(`Constraint failed: ${constraint}`)
    this.constraint = constraint
  }
}

/** The request's `Idempotency-Key` has done its work before: what it answered is in the database. */
export class AlreadyDone extends Error {
  override readonly name = 'AlreadyDone'
}

/** The message was handled before, by its row in the inbox: nothing of this batch happened again. */
export class AlreadyHandled extends Error {
  override readonly name = 'AlreadyHandled'
}

export interface HandledRow {
  subscriber: string
  eventId: string
  handledAt: number
  occurredAt: number
}

const KEY_IS_FREE = 'idempotency:free'
const INBOX_KEY = 'inbox.subscriber, inbox.event_id'

export interface CommitOptions {
  /** What a failed guard (by its name), unique index (`table.column`) or foreign key (`FOREIGN KEY`) means to the caller. */
  refusals?: Record<string, () => Refusal>
  /**
   * The statements may safely run twice, so a lost answer is sent again even without an event or
   * audit row by which to see that the first one had committed.
   */
  repeatable?: boolean
}

export interface CommitTarget {
  client: D1Client
  /** drizzle over the same client, to make statements with. */
  db: DrizzleD1Database
}

const ATTEMPTS = 3
const PAUSE_MS = 50

/**
 * Runs the steps as one atomic batch. Events and audit rows come first: their ids are made before,
 * so when an answer is lost the same batch is sent again, and meeting its own row means that the
 * first had committed. Resolves once the batch is in the database; throws a refusal, `GuardFailed`,
 * `ConstraintFailed`, or the database's own error.
 */
export async function commitSteps(
  { db, client }: CommitTarget,
  steps: Step[],
  options: CommitOptions = {},
): Promise<void> {
  const statements = toStatements(db, steps).map((statement) => prepare(client, statement))
  if (statements.length === 0) return
  const proofs = proofIds(steps)
  // A batch that takes a key or marks a message meets its own row when it is sent again.
  const isKeyed = steps.some((step) => 'remember' in step || 'handled' in step)
  const attempts = proofs.length > 0 || isKeyed || options.repeatable ? ATTEMPTS : 1
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.batch(statements)
      return
    } catch (error) {
      const failure = classify(error)
      if (failure.kind === 'lost' && attempt < attempts) {
        await scheduler.wait(PAUSE_MS * attempt * (0.5 + Math.random()))
        continue
      }
      if (attempt > 1 && failure.kind === 'constraint' && (await isOwnRow(client, failure.name, proofs))) return
      throw toError(failure, options.refusals)
    }
  }
}

const dialect = new SQLiteAsyncDialect()

function prepare(client: D1Client, statement: Statement): D1PreparedStatement {
  const { sql: text, params } = dialect.sqlToQuery(statement.getSQL())
  return client.prepare(text).bind(...params)
}

function toStatements(db: DrizzleD1Database, steps: Step[]): Statement[] {
  const proofs: Statement[] = []
  const once: Statement[] = []
  const changes: Statement[] = []
  for (const step of steps) {
    if ('guard' in step) {
      if (changes.length === 0) throw new Error('A guard needs a statement before it')
      changes.push(sql`insert into commit_guard (name) values (${step.guard})`)
    } else if ('event' in step) {
      const { event, sentAt = null, isPersonal = false } = step
      proofs.push(db.insert(outbox).values({ ...event, sentAt, isPersonal }))
    } else if ('audit' in step) proofs.push(db.insert(audit).values(step.audit))
    else if ('remember' in step) once.push(...rememberStatements(step.remember))
    else if ('handled' in step) once.push(db.insert(inbox).values(step.handled))
    else changes.push(step)
  }
  return [...proofs, ...once, ...changes]
}

/** Takes the key, also from a row that has expired; one that stands stops the whole batch. */
function rememberStatements(row: RememberedRow): Statement[] {
  return [
    sql`
      insert into ${idempotency} (scope, key_hash, fingerprint, state, status, result, created_at, expires_at)
      values (${row.scope}, ${row.keyHash}, ${row.fingerprint}, 'completed', ${row.status},
        ${JSON.stringify(row.result)}, ${row.createdAt}, ${row.expiresAt})
      on conflict (scope, key_hash) do update set
        fingerprint = excluded.fingerprint, state = excluded.state, status = excluded.status,
        result = excluded.result, created_at = excluded.created_at, expires_at = excluded.expires_at
      where idempotency.expires_at <= excluded.created_at
    `,
    sql`insert into commit_guard (name) values (${KEY_IS_FREE})`,
  ]
}

interface Proof {
  table: 'outbox' | 'audit'
  id: string
}

function proofIds(steps: Step[]): Proof[] {
  return steps.flatMap((step): Proof[] => {
    if ('event' in step) return [{ table: 'outbox', id: step.event.id }]
    return 'audit' in step ? [{ table: 'audit', id: step.audit.id }] : []
  })
}

/** Only the first proof can collide, as it is the first statement; it is there only if all of the batch is. */
async function isOwnRow(client: D1Client, constraint: string, proofs: Proof[]): Promise<boolean> {
  const proof = proofs[0]
  if (proof === undefined || constraint !== `${proof.table}.id`) return false
  const table = proof.table === 'outbox' ? outbox : audit
  const { results } = await prepare(client, sql`select id from ${table} where id = ${proof.id}`).all()
  return results.length > 0
}

type Failure =
  | { kind: 'guard'; name: string }
  | { kind: 'constraint'; name: string }
  /** The database did not answer: the batch may have committed or not. */
  | { kind: 'lost'; error: unknown }
  | { kind: 'fault'; error: unknown }

function classify(error: unknown): Failure {
  const text = messages(error)
  const guard = /guard:([\w:.-]+?)(?=: SQLITE|$|\s)/.exec(text)?.[1]
  if (guard !== undefined) return { kind: 'guard', name: guard }
  // SQLite does not say which.
  if (/FOREIGN KEY constraint failed/.test(text)) return { kind: 'constraint', name: 'FOREIGN KEY' }
  const constraint = /constraint failed: (.+?)(?=: SQLITE|$)/.exec(text)?.[1]
  if (constraint !== undefined) return { kind: 'constraint', name: constraint.trim() }
  return { kind: whyUnavailable(error) === 'lost' ? 'lost' : 'fault', error }
}

/** drizzle wraps the driver's error in its own, which repeats the statement. */
function messages(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : messages(error.cause)
}

function toError(failure: Failure, refusals: CommitOptions['refusals'] = {}): unknown {
  if (failure.kind === 'lost' || failure.kind === 'fault') return failure.error
  if (failure.kind === 'guard' && failure.name === KEY_IS_FREE) return new AlreadyDone()
  if (failure.kind === 'constraint' && failure.name === INBOX_KEY) return new AlreadyHandled()
  const refusal = refusals[failure.name]
  if (refusal !== undefined) return refusal()
  return failure.kind === 'guard' ? new GuardFailed(failure.name) : new ConstraintFailed(failure.name)
}
