import { type Call, currentCall } from '../../src/platform/call.ts'
import type { Logger } from '../../src/platform/observability/log.ts'

/** An object's one alarm. Whoever needs it says when; what is due earliest is read from the tables, so nothing is lost. */
export class Alarm {
  readonly #state: DurableObjectState
  readonly #log: Logger
  /** When it rings, as far as this instance knows. */
  #at: number | undefined
  #setBy: Call | undefined

  constructor(state: DurableObjectState, log: Logger) {
    this.#state = state
    this.#log = log
  }

  /** In the transaction of what needs it. `at` is in milliseconds; the past is now. A later time changes nothing. */
  set(at: number): void {
    const wanted = Math.max(at, Date.now())
    if (this.#at !== undefined && this.#at <= wanted) return
    this.#at = wanted
    this.#setBy ??= currentCall()
    const set = this.#state.storage.setAlarm(wanted).catch((error: unknown) => {
      this.forget()
      this.#log.error('Alarm Not Set', { object: this.#state.id.name, error })
    })
    this.#state.waitUntil(set)
  }

  /**
   * The first thing that the object's `alarm()` says. Answers who set it, the first where there were several;
   * undefined where the instance slept since.
   */
  rang(): Call | undefined {
    const setBy = this.#setBy
    this.forget()
    return setBy
  }

  /** A transaction that had set it was undone. */
  forget(): void {
    this.#at = undefined
    this.#setBy = undefined
  }
}
