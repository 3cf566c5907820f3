import { vi } from 'vitest'

export interface WatchedTimers {
  /** How many are set now, of objects and of the Worker: each keeps whom it belongs to awake. */
  pending(): number
  stop(): void
}

/** Knows of every timer that is set from now on. Each fires so many times sooner than it was set for. */
export function watchTimers(timesSooner = 1): WatchedTimers {
  const [trueSet, trueClear] = [setTimeout, clearTimeout]
  const pending = new Set<unknown>()
  const set = (run: () => void, ms = 0): unknown => {
    const timer: unknown = trueSet(() => {
      pending.delete(timer)
      run()
    }, ms / timesSooner)
    pending.add(timer)
    return timer
  }
  const spies = [
    // The platform's function has overloads that a stand-in cannot have.
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(set as typeof setTimeout),
    vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
      pending.delete(timer)
      trueClear(timer)
    }),
    vi.spyOn(scheduler, 'wait').mockImplementation((ms) => new Promise((resolve) => void set(() => resolve(), ms))),
  ]
  return {
    pending: () => pending.size,
    stop: () => {
      for (const spy of spies) spy.mockRestore()
    },
  }
}
