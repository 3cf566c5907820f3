import { isLargeRoom } from '../../src/features/chat/domain/room-rules.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'

const COUNT_EVERY_MS = 5 * SECOND_MS

export interface CrowdCountPorts {
  /** Goes over everybody who is here. */
  countNow: () => number
  /** What whoever asks is answered: the room may be no crowd any more by then. */
  countToTell: () => number
  tell: (count: number) => void
}

/** How many are here of a crowd, which is told no names. It may vanish with the instance. */
export class CrowdCount {
  readonly #ports: CrowdCountPorts
  #timer: ReturnType<typeof setTimeout> | undefined
  #told = -1
  #counted = { count: 0, at: 0 }

  constructor(ports: CrowdCountPorts) {
    this.#ports = ports
  }

  /** A crowd is counted every few seconds, whoever asks: after a deploy all of it comes back at once. */
  count(): number {
    const now = Date.now()
    const { count, at } = this.#counted
    if (!isLargeRoom(count) || now - at >= COUNT_EVERY_MS) this.#counted = { count: this.#ports.countNow(), at: now }
    return this.#counted.count
  }

  /** The timer keeps the object awake for these seconds, and only while people come and go. */
  tellSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const count = this.#ports.countToTell()
      if (count === this.#told) return
      this.#told = count
      this.#ports.tell(count)
    }, COUNT_EVERY_MS)
  }
}
