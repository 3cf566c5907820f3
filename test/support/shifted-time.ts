import { vi } from 'vitest'
import { SECOND_MS } from '../../src/platform/clock.ts'

/** Rooms summarise every two seconds. */
export const LONGER_THAN_BETWEEN_SUMMARIES_MS = 2.1 * SECOND_MS

export interface ShiftedTime {
  /** From now on everything in this runtime, objects included, believes that it is so much later. */
  forward(ms: number): void
  /** So much later than it is, whatever was believed before. */
  set(ms: number): void
  stop(): void
}

/**
 * What is due in the future is due at once, without sleep. Timers and the platform's own alarms keep to the true time:
 * an alarm that was set for now, by a clock that is ahead, does not ring before a test makes it.
 */
export function shiftTime(): ShiftedTime {
  const trueNow = Date.now.bind(Date)
  let shift = 0
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => trueNow() + shift)
  return {
    forward: (ms) => {
      shift += ms
    },
    set: (ms) => {
      shift = ms
    },
    stop: () => spy.mockRestore(),
  }
}

/** Timers up to this are ticks, which only collect what comes close together. */
const TICK_AT_MOST_MS = 20

/** Ticks last a moment only, so that a test of very many does not wait most of its time. Answers how to stop it. */
export function hurryTicks(): () => void {
  const trueSetTimeout = setTimeout
  const spy = vi.spyOn(globalThis, 'setTimeout')
  // The platform's function has overloads that a stand-in cannot have.
  spy.mockImplementation(((run: () => void, ms = 0) =>
    trueSetTimeout(run, ms <= TICK_AT_MOST_MS ? ms / 8 : ms)) as typeof setTimeout)
  return () => spy.mockRestore()
}
