import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { EventEnvelope } from '../events.ts'
import type { Logger } from '../observability/log.ts'
import type { Meter } from '../observability/meter.ts'
import type { Delivery } from '../queues/delivery.ts'
import { AlreadyHandled, type CommitOptions, type CommitTarget, commitSteps, type Step } from './commit.ts'
import { type D1Client, MeteredD1 } from './metered-d1.ts'

export type Db = DrizzleD1Database

/** One database within one request: one D1 session, opened at its first use. */
export interface Store {
  /** For reads, and for making the statements that `commit` takes. */
  readonly db: Db
  /** The only way to write: one atomic batch; see `commitSteps`. Its events are relayed after the answer. */
  commit(steps: Step[], options?: CommitOptions): Promise<void>
  /** Where the session stands; undefined while it was not used. */
  bookmark(): string | undefined
}

export interface StoreOptions {
  database: D1Database
  /** A bookmark to read at or after, or where to begin without one. */
  constraint: D1SessionBookmark | D1SessionConstraint
  meter: Meter
  log: Logger
  /** Resolves when the caller is known to be who the token says; a commit waits for it. */
  authorized: () => Promise<void>
  onCommitted: (events: EventEnvelope[]) => void
  /** The message that is being handled, where its mark belongs into this database. */
  delivery?: Delivery | undefined
}

export function openStore(options: StoreOptions): Store {
  let session: D1DatabaseSession | undefined
  const open = (): D1DatabaseSession => {
    session ??= options.database.withSession(options.constraint)
    return session
  }
  const client: D1Client = {
    prepare: (sql) => open().prepare(sql),
    batch: (statements) => open().batch(statements),
  }
  let made: CommitTarget | undefined
  // Most requests use one database, or none.
  const target = (): CommitTarget => {
    if (!made) {
      const metered = new MeteredD1(client, options.meter, options.log)
      made = { db: drizzleOver(metered), client: metered }
    }
    return made
  }
  return {
    get db() {
      return target().db
    },
    async commit(steps, commitOptions) {
      await options.authorized()
      await commitMarked(target(), steps, commitOptions, options.delivery)
      const events = steps.flatMap((step) => ('event' in step ? [step.event] : []))
      if (events.length > 0) options.onCommitted(events)
    },
    bookmark: () => session?.getBookmark() ?? undefined,
  }
}

/** The first commit of a handler carries its mark: found there already, nothing of this has happened again. */
async function commitMarked(
  target: CommitTarget,
  steps: Step[],
  options: CommitOptions | undefined,
  delivery: Delivery | undefined,
): Promise<void> {
  if (delivery?.once.by !== 'batch') return commitSteps(target, steps, options)
  try {
    await commitSteps(target, [...delivery.mark(), ...steps], options)
  } catch (error) {
    if (error instanceof AlreadyHandled) delivery.marked()
    throw error
  }
  delivery.marked()
}

/** drizzle's D1 driver uses `prepare` and `batch` only, which is what `D1Client` is. */
export function drizzleOver(client: D1Client): Db {
  return drizzle(client as D1Database)
}
