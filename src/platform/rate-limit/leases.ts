import type { Clock } from '../clock.ts'
import { type Count, takeFrom } from './count.ts'
import { type Ask, type Limiter, memoryMs, quotaOf, type Standing } from './limiter.ts'

/** An isolate may use this share of a quota before it must tell the limiter. */
const LEASED_SHARE = 10
const MAX_REMEMBERED = 20_000

interface Lease {
  /** The count of everybody as far as it is known here: the limiter's last word, and what was used here since. */
  count: Count
  /** Used here and not told yet. */
  unsettled: number
  isSettling: boolean
  /** The limiter has said that nothing is left; until when, in milliseconds. */
  exhaustedUntil: number
  usedAt: number
}

/**
 * Counts of policies that are not exact, in the isolate's memory; all of it may vanish. A caller who uses less than
 * a tenth of their quota in an isolate causes no call at all. Beyond that each further tenth is told to the limiter,
 * after the answer, and its word about what all isolates have used counts from then on. So the headers are exact
 * within one isolate, and n isolates together let at most n tenths too much through, below what the platform's
 * own limit (stage one) allows.
 */
export class Leases {
  readonly #clock: Clock
  readonly #leases = new Map<string, Lease>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes one of each, or none if one is refused. `settle` runs after the answer and never rejects. */
  take(
    subject: string,
    asks: readonly Ask[],
  ): { standings: Standing[]; settle: ((limiter: Limiter) => Promise<void>) | undefined } {
    const now = this.#clock()
    const taken = asks.map((ask) => ({ ask, ...this.#ask(subject, ask, now) }))
    if (taken.some(({ standing }) => !standing.allowed)) {
      return { standings: taken.map(({ standing }) => standing), settle: undefined }
    }
    for (const { lease, count } of taken) {
      lease.count = count
      lease.unsettled += 1
      lease.usedAt = now
    }
    const due = taken.filter(({ ask, lease }) => {
      return !lease.isSettling && lease.unsettled >= Math.max(1, Math.ceil(quotaOf(ask.rule) / LEASED_SHARE))
    })
    return {
      standings: taken.map(({ standing }) => standing),
      settle: due.length === 0 ? undefined : (limiter) => this.#settle(limiter, subject, due),
    }
  }

  /** What the next take would be told, where anything is known here of that count. Takes nothing. */
  look(subject: string, ask: Ask): Standing | undefined {
    const isKnown = this.#leases.has(keyOf(subject, ask))
    return isKnown ? this.#ask(subject, ask, this.#clock()).standing : undefined
  }

  #ask(subject: string, ask: Ask, now: number): { lease: Lease; count: Count; standing: Standing } {
    const lease = this.#leaseOf(subject, ask, now)
    const { count, standing } = takeFrom(lease.count, ask, now)
    if (standing.allowed && lease.exhaustedUntil > now) {
      const waitMs = lease.exhaustedUntil - now
      return { lease, count, standing: { allowed: false, remaining: 0, resetMs: waitMs, retryAfterMs: waitMs } }
    }
    return { lease, count, standing }
  }

  #leaseOf(subject: string, ask: Ask, now: number): Lease {
    const { rule } = ask
    const key = keyOf(subject, ask)
    const known = this.#leases.get(key)
    if (known && now - known.usedAt < memoryMs(rule)) return known
    if (this.#leases.size >= MAX_REMEMBERED) this.#forgetOldest()
    const lease: Lease = {
      count: takeFrom(undefined, { ...ask, amount: 0 }, now).count,
      unsettled: 0,
      isSettling: false,
      exhaustedUntil: 0,
      usedAt: now,
    }
    this.#leases.set(key, lease)
    return lease
  }

  /** A tenth, so that nobody resets all counts by asking from many addresses. */
  #forgetOldest(): void {
    for (const key of [...this.#leases.keys()].slice(0, MAX_REMEMBERED / 10)) this.#leases.delete(key)
  }

  async #settle(limiter: Limiter, subject: string, due: readonly { ask: Ask; lease: Lease }[]): Promise<void> {
    const told = due.map(({ ask, lease }) => ({ ask: { ...ask, amount: lease.unsettled }, lease }))
    for (const { lease } of told) lease.isSettling = true
    try {
      const standings = await limiter.take(
        subject,
        told.map(({ ask }) => ask),
      )
      // All or nothing: what one limit refuses has not been counted by the others either, and is told again.
      const isCounted = standings.every(({ allowed }) => allowed)
      for (const [i, { ask, lease }] of told.entries()) {
        const standing = standings[i]
        if (standing && !standing.allowed) this.#exhaust(lease, ask, standing)
        else if (standing && isCounted) this.#learn(lease, ask, standing)
      }
    } catch {
      // Counting goes on here alone, and the next request that is due tries again.
    } finally {
      for (const { lease } of told) lease.isSettling = false
    }
  }

  /** Others have used up what this isolate has let through: it lets nobody through until that has passed. */
  #exhaust(lease: Lease, { rule }: Ask, { retryAfterMs }: Standing): void {
    lease.unsettled = 0
    lease.exhaustedUntil = this.#clock() + Math.min(retryAfterMs, memoryMs(rule))
  }

  /** What all isolates have used, as the limiter knows it, and what was used here while it answered. */
  #learn(lease: Lease, { rule, amount = 0 }: Ask, standing: Standing): void {
    const now = this.#clock()
    lease.unsettled -= amount
    const moved = takeFrom(lease.count, { bucket: '', rule, amount: 0 }, now).count
    const used = quotaOf(rule) - standing.remaining
    lease.count = { ...moved, current: Math.max(0, used - previousShare(moved, now, rule)) + lease.unsettled }
  }
}

function keyOf(subject: string, { bucket }: Ask): string {
  return `${subject} ${bucket}`
}

/** The limiter's word holds the fading part of the last window; it is kept apart here, so that it goes on fading. */
function previousShare({ at, previous }: Count, now: number, rule: Ask['rule']): number {
  if (rule.algorithm === 'token-bucket') return 0
  return previous * (1 - Math.min(1, Math.max(0, now - at) / rule.windowMs))
}
