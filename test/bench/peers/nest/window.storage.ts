import { Injectable } from '@nestjs/common'
import type { ThrottlerStorage } from '@nestjs/throttler'

/**
 * Counts calls by fixed windows, as a store in Redis does. The framework's own store goes through all calls of the last
 * minute at each one: of thousands a second from one address it would soon do nothing else, and that is nobody's use.
 */
@Injectable()
export class WindowStorage implements ThrottlerStorage {
  readonly #windows = new Map<string, { hits: number; endsAt: number }>()

  async increment(key: string, ttlMs: number, limit: number) {
    const now = Date.now()
    let window = this.#windows.get(key)
    if (!window || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + ttlMs }
      this.#windows.set(key, window)
    }
    window.hits += 1
    const timeToExpire = Math.ceil((window.endsAt - now) / 1_000)
    const isBlocked = window.hits > limit
    return { totalHits: window.hits, timeToExpire, isBlocked, timeToBlockExpire: isBlocked ? timeToExpire : 0 }
  }
}
