import { AsyncLocalStorage } from 'node:async_hooks'

export const TICK_MS = 16
/** Under a burst timers starve, so a tick also ends when this much has come together. */
const MAX_ITEMS = 100
const MAX_CHARACTERS = 64 * 1024

/**
 * Collects what comes in during one tick and hands it over at once. In workerd the cost is the frame and
 * the commit, not the byte: a tick makes one of each.
 */
export class Tick<T> {
  readonly #flush: (items: T[]) => void
  readonly #size: (item: T) => number
  #items: T[] = []
  #characters = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #inFirstScope: (<R>(run: () => R) => R) | undefined

  /**
   * `flush` is synchronous and catches what it may: an error that leaves it loses its items. It runs in the scope of
   * the tick's first item, whoever ends the tick.
   */
  constructor(flush: (items: T[]) => void, size: (item: T) => number) {
    this.#flush = flush
    this.#size = size
  }

  add(item: T): void {
    this.#inFirstScope ??= AsyncLocalStorage.snapshot()
    this.#items.push(item)
    this.#characters += this.#size(item)
    if (this.#items.length >= MAX_ITEMS || this.#characters >= MAX_CHARACTERS) this.end()
    else this.#timer ??= setTimeout(() => this.end(), TICK_MS)
  }

  end(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    this.#timer = undefined
    const [items, inFirstScope] = [this.#items, this.#inFirstScope]
    this.#items = []
    this.#characters = 0
    this.#inFirstScope = undefined
    inFirstScope?.(() => this.#flush(items))
  }
}

/** Sends lines as one frame. A socket that is going away is no error: its client resumes by seq. */
export function sendLines(socket: WebSocket, lines: readonly string[]): boolean {
  if (lines.length === 0) return true
  try {
    socket.send(lines.join('\n'))
    return true
  } catch {
    return false
  }
}
