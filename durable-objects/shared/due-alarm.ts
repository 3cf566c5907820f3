import type { Logger } from '../../src/platform/observability/log.ts'

/**
 * An object's one alarm for several needs, set for the earliest of them. When each is due stands in the tables and
 * is read there every time, so an instance that has just woken sets the same as the one that slept.
 */
export class DueAlarm {
  readonly #state: DurableObjectState
  readonly #log: Logger
  readonly #needs: readonly (() => number | undefined)[]
  /** Spares the write where nothing has changed. It may vanish with the instance. */
  #setFor: number | undefined

  /** Each need answers when it is due next, in milliseconds; undefined where it waits for nothing. */
  constructor(state: DurableObjectState, log: Logger, needs: readonly (() => number | undefined)[]) {
    this.#state = state
    this.#log = log
    this.#needs = needs
  }

  /** Call it after what changes a need, in the same turn: both are stored together. What is overdue is due now. */
  arm(): void {
    const dues = this.#needs.flatMap((need) => need() ?? [])
    if (dues.length === 0) return
    const at = Math.min(...dues)
    if (at === this.#setFor) return
    this.#setFor = at
    const set = this.#state.storage.setAlarm(Math.max(at, Date.now())).catch((error: unknown) => {
      this.#setFor = undefined
      this.#log.error('Alarm Not Set', { object: this.#state.id.name, error })
    })
    this.#state.waitUntil(set)
  }

  /** The first thing that the object's `alarm()` says; the last is `arm()`. */
  rang(): void {
    this.#setFor = undefined
  }
}
