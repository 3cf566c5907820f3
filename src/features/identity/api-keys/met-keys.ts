import { type Clock, HOUR_MS } from '../../../platform/clock.ts'
import { equalBytes, utf8 } from '../../../platform/security/encoding.ts'

const MAX_REMEMBERED = 10_000
/** What is remembered of a key never changes; this only lets keys go that nobody uses any more. */
const REMEMBERED_MS = HOUR_MS

interface Met {
  userId: string
  hash: string
  metAt: number
}

/**
 * The API keys that an isolate has met: whose they are, and the hash of their secret. So a known key is told from a
 * wrong one without a read, as a token is by its signature. Whether it still holds is in the session memory.
 */
export class MetKeys {
  readonly #clock: Clock
  readonly #met = new Map<string, Met>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `undefined`: not met yet. `hash` is of the secret that came. */
  ownerOf(keyId: string, hash: string): { userId: string } | 'wrong' | undefined {
    const known = this.#met.get(keyId)
    if (!known) return undefined
    if (this.#clock() - known.metAt >= REMEMBERED_MS) {
      this.#met.delete(keyId)
      return undefined
    }
    return isSameHash(known.hash, hash) ? { userId: known.userId } : 'wrong'
  }

  add(keyId: string, { userId, hash }: Omit<Met, 'metAt'>): void {
    const oldest = this.#met.keys().next()
    if (this.#met.size >= MAX_REMEMBERED && !oldest.done) this.#met.delete(oldest.value)
    this.#met.set(keyId, { userId, hash, metAt: this.#clock() })
  }
}

/** In time that does not tell how much of it is right. */
export function isSameHash(a: string, b: string): boolean {
  return equalBytes(utf8(a), utf8(b))
}
