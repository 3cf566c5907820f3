import type { Permission, SessionState } from '../../src/context.ts'
import { findSessionState } from '../../src/features/identity/index.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import { MeteredD1 } from '../../src/platform/db/metered-d1.ts'
import { drizzleOver } from '../../src/platform/db/store.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import { Meter, type Spending } from '../../src/platform/observability/meter.ts'
import { limitTime, systemTiming } from '../../src/platform/resilience/time-limit.ts'

/** How long a socket's session is trusted between looks. Its end is pushed; this is the safety net. */
const TRUST_MS = 60 * SECOND_MS
const TRUST_WHILE_DOWN_MS = 5 * SECOND_MS
const PATIENCE_MS = 3 * SECOND_MS
/** Leaves no timer behind: one that is set keeps the object awake. */
const PATIENCE = {
  ms: PATIENCE_MS,
  late: () => new Error(`no answer within ${PATIENCE_MS} ms`),
  sleep: systemTiming.sleep,
}

/**
 * Whether the sessions behind sockets still live. One look serves all frames that wait for it, in the
 * order in which they came.
 */
export class SessionCheck {
  readonly #database: D1Database
  readonly #log: Logger
  readonly #spent: Spending
  readonly #seen = new Map<string, number>()
  readonly #looking = new Map<string, Promise<boolean>>()

  /** `spent` is added to: what all work of an isolate spends. */
  constructor(database: D1Database, spent: Spending, log: Logger) {
    this.#database = database
    this.#log = log
    this.#spent = spent
  }

  /** The upgrade has just checked it. */
  trust(sessionId: string): void {
    this.#seen.set(sessionId, Date.now())
  }

  isTrusted(sessionId: string): boolean {
    const seen = this.#seen.get(sessionId)
    return seen !== undefined && Date.now() - seen < TRUST_MS && !this.#looking.has(sessionId)
  }

  look(sessionId: string): Promise<boolean> {
    const underWay = this.#looking.get(sessionId)
    if (underWay) return underWay
    const look = this.#read(sessionId).finally(() => this.#looking.delete(sessionId))
    this.#looking.set(sessionId, look)
    return look
  }

  forget(sessionId: string): void {
    this.#seen.delete(sessionId)
  }

  /** Until when a session lives; undefined where it has ended, `'unknown'` where the database does not say. */
  async expiryOf(sessionId: string): Promise<number | 'unknown' | undefined> {
    const state = await this.#state(sessionId)
    return state === 'unknown' ? state : state?.expiresAt
  }

  /** What its holder may do now; nothing where that cannot be known. */
  async permissionsOf(sessionId: string): Promise<readonly Permission[]> {
    const state = await this.#state(sessionId)
    return state === 'unknown' ? [] : (state?.permissions ?? [])
  }

  async #state(sessionId: string): Promise<SessionState | 'unknown' | undefined> {
    const primary = this.#database.withSession('first-primary')
    const db = drizzleOver(new MeteredD1(primary, new Meter(this.#spent), this.#log))
    try {
      return await limitTime(PATIENCE, () => findSessionState(db, sessionId, Date.now()))
    } catch (error) {
      this.#log.warn('Session Check Failed', { sessionId, error })
      return 'unknown'
    }
  }

  async #read(sessionId: string): Promise<boolean> {
    const expiresAt = await this.expiryOf(sessionId)
    if (expiresAt === undefined) {
      this.forget(sessionId)
      return false
    }
    // It was good a minute ago and its end is pushed: a database that is down stops no talk, for a moment.
    const trustedFor = expiresAt === 'unknown' ? TRUST_WHILE_DOWN_MS : TRUST_MS
    this.#seen.set(sessionId, Date.now() - TRUST_MS + trustedFor)
    return true
  }
}
