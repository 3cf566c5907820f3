import { SECOND_MS } from '../../src/platform/clock.ts'
import { push } from '../shared/frames.ts'

const EXPIRES_MS = 5 * SECOND_MS

/**
 * Who is writing. Nothing of it is stored: who does not say so again within five seconds has stopped. The timer
 * keeps the object awake for that long, and only then.
 */
export class Typing {
  readonly #roomId: () => string
  readonly #tell: (line: string, exceptUserId: string) => void
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(roomId: () => string, tell: (line: string, exceptUserId: string) => void) {
    this.#roomId = roomId
    this.#tell = tell
  }

  start(userId: string, username: string): void {
    const known = this.#timers.get(userId)
    clearTimeout(known)
    this.#timers.set(
      userId,
      setTimeout(() => this.stop(userId), EXPIRES_MS),
    )
    if (known === undefined) {
      this.#tell(push('typing:start', { userId, username, roomId: this.#roomId() }), userId)
    }
  }

  stop(userId: string): void {
    if (!this.forget(userId)) return
    this.#tell(push('typing:stop', { userId, roomId: this.#roomId() }), userId)
  }

  /** Their message has come, which says it, or they are gone. True where they were writing. */
  forget(userId: string): boolean {
    const timer = this.#timers.get(userId)
    clearTimeout(timer)
    return this.#timers.delete(userId) && timer !== undefined
  }
}
