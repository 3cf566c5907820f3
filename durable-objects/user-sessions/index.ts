import { DurableObject } from 'cloudflare:workers'
import type { Origin } from '../../src/context.ts'
import type { Env } from '../../src/env.ts'
import {
  decideRefresh,
  KEEP_RENEWALS_MS,
  type RefreshDecision,
  type StoredRefresh,
} from '../../src/features/identity/domain/session-policy.ts'
import { isolateOf } from '../../src/isolate.ts'
import type { Call } from '../../src/platform/call.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { Alarm } from '../shared/alarm.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { isMigrated, migrate } from '../shared/migrations.ts'
import { MIGRATIONS } from './schema.ts'

const RINGS_AT = 'rings-at'

export interface Rotation {
  sessionId: string
  presented: { generation: number; hash: string }
  /** SHA-256 of the token that follows the one presented. */
  successorHash: string
  /** What the database has: it holds until a renewal is known here that is newer. */
  noted: StoredRefresh
  origin: Origin
  /** Milliseconds, by the clock of whoever asks. */
  at: number
}

export interface Rotated {
  decision: RefreshDecision
  /** As they stand now. */
  refreshHash: string
  rotatedAt: number
}

/** When a session was renewed last, and from where. */
export interface Renewal extends Origin {
  sessionId: string
  /** Milliseconds. */
  rotatedAt: number
}

/**
 * How far each session of one person has rotated. The database says that there is a session, whose it is and whether it
 * has ended; see docs/decisions/0039.
 */
export class UserSessions extends DurableObject<Env> {
  readonly #sql: MeteredSql
  readonly #alarm: Alarm
  /** Only a renewal makes tables, which an alarm deletes. */
  #hasTables: boolean

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#sql = new MeteredSql(state.storage.sql, isolateOf(env).figures.spent)
    this.#alarm = new Alarm(state, isolateOf(env).log)
    this.#hasTables = isMigrated(state.storage)
    if (this.#hasTables) migrate(state.storage, MIGRATIONS)
  }

  /**
   * Decides what a refresh token is worth, and notes its successor where it is the newest. Synchronous inside, so that
   * of many who come at once with one token the first rotates, and the others repeat. Reads and writes a row.
   */
  rotate(call: Call, { sessionId, presented, successorHash, noted, origin, at }: Rotation): Promise<Outcome<Rotated>> {
    return outcome(call, () => {
      const own = this.#find(sessionId)
      const stored = own && own.generation >= noted.generation ? { ...noted, ...own } : noted
      const decision = decideRefresh(presented, stored, at)
      if (decision !== 'rotate') return { decision, refreshHash: stored.refreshHash, rotatedAt: stored.rotatedAt }
      if (!this.#hasTables) migrate(this.ctx.storage, MIGRATIONS)
      this.#hasTables = true
      this.#sql.all(
        'insert or replace into renewals values (?, ?, ?, ?, ?, ?, ?)',
        ...[sessionId, presented.generation + 1, successorHash, at, origin.ip, origin.userAgent, origin.place],
      )
      if (!own) this.#arm()
      return { decision, refreshHash: successorHash, rotatedAt: at }
    })
  }

  /** Of these sessions, those that were renewed within `KEEP_RENEWALS_MS`. */
  list(call: Call, sessionIds: readonly string[]): Promise<Outcome<Renewal[]>> {
    return outcome(call, () =>
      this.#hasTables
        ? this.#sql.all<Renewal>(
            `select session_id as sessionId, rotated_at as rotatedAt, ip, user_agent as userAgent, place
             from renewals where session_id in (select value from json_each(?))`,
            JSON.stringify(sessionIds),
          )
        : [],
    )
  }

  /** The account is gone: nothing of it stays. Again, it does the same. */
  erase(call: Call): Promise<Outcome<null>> {
    return outcome(call, async () => {
      await this.#empty()
      return null
    })
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang()
    // An alarm may ring twice.
    if (!this.#hasTables) return
    this.#sql.all('delete from renewals where rotated_at <= ?', Date.now() - KEEP_RENEWALS_MS)
    if (this.#sql.first('select 1 as found from renewals limit 1')) this.#arm()
    else await this.#empty()
  }

  #find(sessionId: string): Pick<StoredRefresh, 'generation' | 'refreshHash' | 'rotatedAt'> | undefined {
    if (!this.#hasTables) return undefined
    return this.#sql.first(
      `select generation, refresh_hash as refreshHash, rotated_at as rotatedAt from renewals where session_id = ?`,
      sessionId,
    )
  }

  /** An alarm that is set costs a row, so that nothing moves it before it has rung. */
  #arm(): void {
    const { kv } = this.ctx.storage
    const now = Date.now()
    if ((kv.get<number>(RINGS_AT) ?? 0) > now) return
    kv.put(RINGS_AT, now + KEEP_RENEWALS_MS)
    this.#alarm.set(now + KEEP_RENEWALS_MS)
  }

  async #empty(): Promise<void> {
    this.#hasTables = false
    this.#alarm.forget()
    // An object without storage and alarm costs nothing, and is as if it had never been.
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
  }
}
