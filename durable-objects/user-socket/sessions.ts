import { HOUR_MS } from '../../src/platform/clock.ts'
import { unauthenticated } from '../../src/platform/errors.ts'
import { type Ended, isAmong } from '../shared/ended.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'

/** Far longer than any isolate remembers a session that has ended. */
const REMEMBER_ENDED_MS = HOUR_MS
const ALL = ''

/** What opening a socket of this user asks for. */
export interface Admission {
  sessionId: string
  /** Milliseconds. */
  sessionExpiresAt: number
  /** Absent where a bearer token stood in the header. */
  ticket?: { id: string; expiresAt: number }
  /** The room's object where the socket is a room's. */
  objectName?: string
}

/** The user's sessions as far as sockets go: which have some, where, and which have ended. */
export class SocketSessions {
  readonly #sql: MeteredSql

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  /** @throws Refusal where the ticket was redeemed before, or the session has ended */
  admit({ sessionId, sessionExpiresAt, ticket, objectName }: Admission): void {
    const now = Date.now()
    this.#sql.all('delete from tickets where expires_at < ?', now)
    this.#sql.all('delete from ended where at < ?', now - REMEMBER_ENDED_MS)
    if (this.hasEnded(sessionId)) throw unauthenticated('the session has ended')
    if (ticket) {
      const used = this.#sql.first('select 1 from tickets where id = ?', ticket.id)
      if (used) throw unauthenticated('the ticket was redeemed before')
      this.#sql.all('insert into tickets values (?, ?)', ticket.id, ticket.expiresAt)
    }
    // Rooms are opened again and again: what stands there already is not written.
    this.#sql.all(
      `insert into watches values (?, ?, ?)
       on conflict do update set until = excluded.until where until <> excluded.until`,
      ...[sessionId, objectName ?? '', sessionExpiresAt],
    )
  }

  /** Remembers the end, and answers the objects of rooms where such a session has had a socket. */
  end(ended: Ended): string[] {
    const remembered = ended.sessionIds ?? [ALL]
    this.#sql.all(
      `insert into ended select value, ? from json_each(?) where true
       on conflict (session_id) do update set at = max(at, excluded.at)`,
      ended.before,
      JSON.stringify(remembered),
    )
    const watches = this.#sql
      .all<{ session_id: string; object_name: string }>('select session_id, object_name from watches')
      .filter(({ session_id }) => isAmong(ended, session_id))
    // Kept for a while: the event that repeats this also finds a socket that was opening meanwhile.
    this.#sql.all(
      'update watches set until = min(until, ?) where session_id in (select value from json_each(?))',
      Date.now() + REMEMBER_ENDED_MS,
      JSON.stringify(watches.map(({ session_id }) => session_id)),
    )
    return [...new Set(watches.map(({ object_name }) => object_name))].filter((name) => name !== '')
  }

  /** Forgets all but that everything has ended. */
  clear(): void {
    this.#sql.all('delete from tickets')
    this.#sql.all('delete from watches')
    this.#sql.all('delete from ended where session_id <> ?', ALL)
  }

  /** When the next session has to be looked at. */
  nextLook(): number | undefined {
    return this.#sql.first<{ until: number | null }>('select min(until) as until from watches')?.until ?? undefined
  }

  due(now: number): string[] {
    return this.#sql
      .all<{ session_id: string }>('select distinct session_id from watches where until <= ?', now)
      .map(({ session_id }) => session_id)
  }

  renew(sessionId: string, until: number): void {
    this.#sql.all('update watches set until = ? where session_id = ?', until, sessionId)
  }

  forget(sessionId: string): void {
    this.#sql.all('delete from watches where session_id = ?', sessionId)
  }

  /** As far as it is remembered: its tokens are refused anyway. */
  hasEnded(sessionId: string): boolean {
    const ends = this.#sql.all<{ session_id: string; at: number }>(
      'select session_id, at from ended where session_id in (?, ?)',
      sessionId,
      ALL,
    )
    return ends.some(({ session_id, at }) =>
      isAmong({ sessionIds: session_id === ALL ? null : [session_id], before: at }, sessionId),
    )
  }
}
