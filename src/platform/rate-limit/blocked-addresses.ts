import { type Clock, SECOND_MS } from '../clock.ts'

/** How long an isolate goes by what it heard of a block: the block itself is the limiter's. */
const REMEMBER_MS = 5 * SECOND_MS
const MAX_REMEMBERED = 5_000

/** Addresses that the limiter has refused altogether: they are turned away without asking it again. */
export class BlockedAddresses {
  readonly #clock: Clock
  readonly #until = new Map<string, { heardAt: number; retryAt: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(address: string, retryAfterMs: number): void {
    if (this.#until.size >= MAX_REMEMBERED) this.#until.clear()
    const now = this.#clock()
    this.#until.set(address, { heardAt: now, retryAt: now + retryAfterMs })
  }

  /** Milliseconds for which the address is still blocked; 0 where nothing is known of a block. */
  remainingMs(address: string): number {
    const known = this.#until.get(address)
    if (!known) return 0
    const now = this.#clock()
    if (now - known.heardAt < REMEMBER_MS && known.retryAt > now) return known.retryAt - now
    this.#until.delete(address)
    return 0
  }
}
