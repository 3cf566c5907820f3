import { TICK_MS } from '../shared/tick.ts'

/** What is told of who has come: to each socket what it does not know yet, and nothing of its own person. */
interface News {
  lines: readonly string[]
  linesFor(socket: WebSocket, userId: string): string[]
}

/**
 * Who has come, until it is told with whatever the room says next, or after a tick: a hundred at once are one frame to
 * each socket, not a hundred. The timer keeps the object awake until then, so nothing of it has to be stored.
 */
export class Arrivals {
  readonly #tell: () => void
  #waiting: { userId: string; line: string }[] = []
  /** Sockets that have opened meanwhile, with how many of those who wait stand in their greeting. */
  #greeted = new Map<WebSocket, number>()
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `tell` takes the news. */
  constructor(tell: () => void) {
    this.#tell = tell
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  add(userId: string, line: string): void {
    this.#waiting.push({ userId, line })
    this.#timer ??= setTimeout(() => this.#tell(), TICK_MS)
  }

  /** A socket is greeted with all who have come so far. */
  greet(socket: WebSocket): void {
    if (!this.isEmpty) this.#greeted.set(socket, this.#waiting.length)
  }

  take(): News {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const [waiting, greeted] = [this.#waiting, this.#greeted]
    this.#waiting = []
    this.#greeted = new Map()
    return {
      lines: waiting.map(({ line }) => line),
      linesFor: (socket, userId) =>
        waiting
          .slice(greeted.get(socket) ?? 0)
          .filter((arrival) => arrival.userId !== userId)
          .map(({ line }) => line),
    }
  }
}
