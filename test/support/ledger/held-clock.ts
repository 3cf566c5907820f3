import { vi } from 'vitest'
import { SECOND_MS } from '../../../src/platform/clock.ts'
import type { Patches } from './patches.ts'

/** All times of a ledger, in milliseconds: the same in every run. */
const BEGINS_AT = Date.UTC(2026, 0, 5, 12)
/** Whoever signs in at the beginning has still done so just now when the last of hundreds is measured. */
const STEP_MS = 100
/** Timers up to here are work that goes on by itself; longer ones are deadlines, and what only a person's silence ends. */
const SHORT_MS = SECOND_MS

/** A clock that stands still until it is moved, or a short timer has run: how long the machine takes, it does not show. */
export class HeldClock {
  readonly #waiting = new Set<unknown>()
  readonly #setTimeout = globalThis.setTimeout

  constructor(patches: Patches) {
    vi.useFakeTimers({ toFake: ['Date'], now: BEGINS_AT })
    patches.replace(globalThis, 'setTimeout', (original) => (run: (...args: unknown[]) => void, ms = 0, ...args) => {
      if (ms > SHORT_MS) return original(run, ms, ...args)
      const endsAt = Date.now() + ms
      const timer: unknown = original(() => {
        // One that outlives the measurements moves nobody else's clock.
        if (this.#waiting.delete(timer)) this.moveTo(Math.max(Date.now(), endsAt))
        run(...args)
      }, ms)
      this.#waiting.add(timer)
      return timer
    })
    patches.replace(globalThis, 'clearTimeout', (original) => (timer) => {
      this.#waiting.delete(timer)
      original(timer)
    })
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /** To the beginning of the measurement of this number. */
  reset(number: number): void {
    this.moveTo(BEGINS_AT + number * STEP_MS)
  }

  moveTo(at: number): void {
    vi.setSystemTime(at)
  }

  /** Lets everything go on that can. */
  async turn(): Promise<void> {
    await new Promise<void>((resolve) => void this.#setTimeout(resolve, 0))
  }

  release(): void {
    this.#waiting.clear()
    vi.useRealTimers()
  }
}
