import type { Clock } from '../../src/platform/clock.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import { push } from '../shared/frames.ts'
import { LEASE_MS, NOTE_RENEWAL_MS, type Relayed } from '../shared/lease.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'
import { type RelayCall, RelayPacing } from './relay-pacing.ts'

export interface SubscriberPorts {
  roomId: () => string
  /** Brings lines to a person's object. */
  callUser: (userId: string, lines: string[]) => Promise<Relayed>
  clock: Clock
  log: Logger
  /** Leases that have ended by themselves. */
  onEnded?: (userIds: string[]) => void
}

interface Lease {
  username: string
  until: number
  /** What the table says of `until`. */
  notedUntil: number
  /** Which `subscribe` made it. */
  version: number
}

/**
 * The people who have a socket of their own, each by a lease that their object asks for, and what the room relays to
 * them. Leases stand in the table and in memory. What waits to be relayed stands in memory only, as it is a hint:
 * where it is lost, the next line's seq shows that.
 */
export class Subscribers {
  readonly #sql: MeteredSql
  readonly #ports: SubscriberPorts
  readonly #leases: Map<string, Lease>
  readonly #pacing: RelayPacing
  #versions = 0
  /** No lease ends before this. */
  #firstEndMs = 0
  #timer: { dueMs: number; id: ReturnType<typeof setTimeout> } | undefined
  #isRoundNext = false

  constructor(sql: MeteredSql, ports: SubscriberPorts) {
    this.#sql = sql
    this.#ports = ports
    this.#pacing = new RelayPacing((seq) => push('room:activity', { roomId: ports.roomId(), seq }))
    const rows = sql.all<{ user_id: string; username: string; until: number }>('select * from subscribers')
    this.#leases = new Map(
      rows.map(({ user_id, username, until }) => [user_id, { username, until, notedUntil: until, version: 0 }]),
    )
    for (const userId of this.#leases.keys()) this.#pacing.add(userId)
  }

  /** Begins a lease or renews it: `until` is in milliseconds, and at most `LEASE_MS` from now. */
  subscribe({ userId, username, until }: { userId: string; username: string; until: number }): void {
    const end = Math.min(until, this.#ports.clock() + LEASE_MS)
    const known = this.#leases.get(userId)
    // Whoever comes back within minutes, or is asked for anew, need not be written down again.
    const isNoted = known?.username === username && known.notedUntil > end - NOTE_RENEWAL_MS
    this.#versions += 1
    const notedUntil = known && isNoted ? known.notedUntil : end
    this.#leases.set(userId, { username, until: end, notedUntil, version: this.#versions })
    this.#firstEndMs = Math.min(this.#firstEndMs, end)
    if (!isNoted) this.#sql.all('insert or replace into subscribers values (?, ?, ?)', userId, username, end)
    this.#pacing.add(userId)
  }

  /** The person has no socket any more. */
  unsubscribe(userId: string): void {
    this.#remove([userId])
  }

  /** The person is no member any more: what waits for them is dropped, and nothing goes out after this. */
  drop(userId: string): void {
    this.#remove([userId])
  }

  /** Relays lines that are stored or need not be, and says how far the room is. Returns before anybody is called. */
  tell(lines: readonly string[], seq: number): void {
    this.endOverdue()
    if (this.#leases.size === 0) return
    this.#pacing.tell(lines, seq)
    this.#schedule()
  }

  /** Relays a line to one person's own object, where they have a socket of their own. */
  tellOne(userId: string, line: string): void {
    if (!this.has(userId)) return
    this.#pacing.tellOne(userId, line)
    this.#schedule()
  }

  has(userId: string): boolean {
    this.endOverdue()
    return this.#leases.has(userId)
  }

  userIds(): string[] {
    return this.list().map(({ userId }) => userId)
  }

  list(): { userId: string; username: string }[] {
    this.endOverdue()
    return [...this.#leases].map(([userId, { username }]) => ({ userId, username }))
  }

  /** When the first lease may end, for whoever wants to tell of it; undefined where there is none. */
  nextEnd(): number | undefined {
    return this.#leases.size === 0 ? undefined : Math.min(...[...this.#leases.values()].map(({ until }) => until))
  }

  /** Forgets leases that nobody has renewed. */
  endOverdue(): void {
    const now = this.#ports.clock()
    if (now < this.#firstEndMs) return
    const overdue = [...this.#leases].flatMap(([userId, { until }]) => (until <= now ? [userId] : []))
    this.#remove(overdue)
    this.#firstEndMs = this.nextEnd() ?? Number.POSITIVE_INFINITY
    if (overdue.length > 0) this.#ports.onEnded?.(overdue)
  }

  #remove(userIds: readonly string[]): void {
    const known = userIds.filter((userId) => this.#leases.delete(userId))
    if (known.length === 0) return
    for (const userId of known) this.#pacing.remove(userId)
    this.#sql.all('delete from subscribers where user_id in (select value from json_each(?))', JSON.stringify(known))
    this.#schedule()
  }

  /** A timer keeps the object awake, so there is one only while something waits to be relayed. */
  #schedule(): void {
    const dueMs = this.#pacing.nextAt()
    const now = this.#ports.clock()
    if (dueMs === undefined) this.#stopTimer()
    else if (dueMs <= now) this.#beginRound()
    else if (this.#timer === undefined || dueMs < this.#timer.dueMs) {
      this.#stopTimer()
      this.#timer = { dueMs, id: setTimeout(() => this.#round(), dueMs - now) }
    }
  }

  /** After this turn: what is told in one turn goes out in one call. */
  #beginRound(): void {
    if (this.#isRoundNext) return
    this.#isRoundNext = true
    queueMicrotask(() => this.#round())
  }

  #round(): void {
    this.#isRoundNext = false
    this.#stopTimer()
    for (const call of this.#pacing.take(this.#ports.clock())) {
      this.#call(call).catch((error: unknown) => this.#ports.log.error('Relay Not Noted', { error }))
    }
    this.#schedule()
  }

  #stopTimer(): void {
    clearTimeout(this.#timer?.id)
    this.#timer = undefined
  }

  async #call(call: RelayCall): Promise<void> {
    const { userId } = call
    const version = this.#leases.get(userId)?.version
    let answer: Relayed | undefined
    try {
      answer = await this.#ports.callUser(userId, call.lines)
    } catch (error) {
      this.#ports.log.warn('Relay Failed', { roomId: this.#ports.roomId(), userId, error })
    }
    const isTimely = this.#pacing.done(call, answer !== undefined, this.#ports.clock())
    const lease = this.#leases.get(userId)
    if (isTimely && answer && lease) {
      if (answer.reached > 0) this.#renew(userId, lease)
      // Unless they have come back while the call was under way.
      else if (!answer.keep && lease.version === version) this.#end(userId)
    }
    this.#schedule()
  }

  #renew(userId: string, lease: Lease): void {
    lease.until = Math.max(lease.until, this.#ports.clock() + LEASE_MS)
    if (lease.notedUntil >= lease.until - NOTE_RENEWAL_MS) return
    lease.notedUntil = lease.until
    this.#sql.all('update subscribers set until = ? where user_id = ?', lease.until, userId)
  }

  #end(userId: string): void {
    this.#remove([userId])
    this.#ports.onEnded?.([userId])
  }
}
