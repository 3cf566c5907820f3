import { type Count, takeFrom } from '../../src/platform/rate-limit/count.ts'
import type { Rule } from '../../src/platform/rate-limit/limiter.ts'

/** Far more than anybody needs in one object. */
const MAX_REMEMBERED = 10_000
const MAX_REFUSED_IN_A_ROW = 100

/**
 * How fast one person may say something, counted in the object's memory: an object that slept had nothing to count.
 * `'abuse'` is who does not heed the refusals.
 */
export class Throttle {
  readonly #rule: Rule
  readonly #counts = new Map<string, Count & { refused: number }>()

  constructor(rule: Rule) {
    this.#rule = rule
  }

  /** Milliseconds to wait, 0 where it may go on. */
  take(userId: string, now: number): number | 'abuse' {
    const known = this.#counts.get(userId)
    const { count, standing } = takeFrom(known, { bucket: userId, rule: this.#rule }, now)
    const refused = standing.allowed ? 0 : (known?.refused ?? 0) + 1
    if (!known && this.#counts.size >= MAX_REMEMBERED) this.#counts.clear()
    this.#counts.set(userId, { ...count, refused })
    if (refused > MAX_REFUSED_IN_A_ROW) return 'abuse'
    return standing.allowed ? 0 : Math.max(1, standing.retryAfterMs)
  }
}
