import { type Clock, MINUTE_MS } from '../clock.ts'

const MOST_A_MINUTE = 60

/**
 * How many notes of what anybody can cause, over and over, an isolate makes: of each kind one a minute, and so many of
 * all together. Whoever is let through notes; the rest is only in the log.
 */
export class NoteAllowance {
  readonly #clock: Clock
  #minute = 0
  #noted = new Set<string>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  takes(kind: string): boolean {
    const minute = Math.floor(this.#clock() / MINUTE_MS)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#noted = new Set()
    }
    if (this.#noted.size >= MOST_A_MINUTE || this.#noted.has(kind)) return false
    this.#noted.add(kind)
    return true
  }
}
