import { type Call, currentCall } from '../../src/platform/call.ts'
import type { Logger } from '../../src/platform/observability/log.ts'

/** An object's one alarm, for work that is soon enough whenever an alarm that is set already rings. */
export class Alarm {
  readonly #state: DurableObjectState
  readonly #log: Logger
  #isSet = false
  #setBy: Call | undefined

  constructor(state: DurableObjectState, log: Logger) {
    this.#state = state
    this.#log = log
  }

  /** In the transaction of what needs it. `at` is in milliseconds; the past is now. */
  set(at: number): void {
    if (this.#isSet) return
    this.#isSet = true
    this.#setBy = currentCall()
    const set = this.#state.storage.setAlarm(Math.max(at, Date.now())).catch((error: unknown) => {
      this.#isSet = false
      this.#log.error('Alarm Not Set', { object: this.#state.id.name, error })
    })
    this.#state.waitUntil(set)
  }

  /**
   * The first thing that the object's `alarm()` says. Answers who set it, the first where there were several;
   * undefined where the instance slept since.
   */
  rang(): Call | undefined {
    this.#isSet = false
    const setBy = this.#setBy
    this.#setBy = undefined
    return setBy
  }

  /** A transaction that had set it was undone. */
  forget(): void {
    this.rang()
  }
}
