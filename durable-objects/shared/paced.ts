/**
 * Does what goes over everybody at most once in a while, however often it is asked for: at once where that was done long
 * ago, else once for all who ask until then. Each asking is followed by a doing. The timer keeps an object awake, and runs
 * only where somebody has asked in vain.
 */
export class Paced<T = never> {
  readonly #everyMs: number
  readonly #work: (given?: T) => void
  #doneAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  /** `work` is given what was asked with where it is done at once, and nothing where it comes later. */
  constructor(everyMs: number, work: (given?: T) => void) {
    this.#everyMs = everyMs
    this.#work = work
  }

  ask(given?: T): void {
    if (this.#timer !== undefined) return
    const waitMs = this.#doneAt + this.#everyMs - Date.now()
    // A clock that was set back makes nobody wait longer.
    if (waitMs > 0 && waitMs <= this.#everyMs) this.#timer = setTimeout(() => this.#do(), waitMs)
    else this.#do(given)
  }

  #do(given?: T): void {
    this.#timer = undefined
    this.#doneAt = Date.now()
    this.#work(given)
  }
}
