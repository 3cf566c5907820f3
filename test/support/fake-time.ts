import type { Timing } from '../../src/platform/resilience/time-limit.ts'

interface Timer {
  dueMs: number
  fire(): void
}

export interface FakeTime extends Timing {
  /** Timers that are set and have not fired. */
  pending(): number
  /** Lets this much time pass, and everything happen that falls into it. */
  advance(ms: number): Promise<void>
  /** Lets as much time pass as the work needs. */
  settle<T>(work: Promise<T>): Promise<T>
}

/** Time that passes only when a test says so. `random` gives 0.5, which is no jitter at all. */
export function createFakeTime(random: () => number = () => 0.5): FakeTime {
  let nowMs = Date.parse('2026-03-01T12:00:00Z')
  const timers = new Set<Timer>()

  const fireNext = (untilMs: number): boolean => {
    const [next] = [...timers].toSorted((a, b) => a.dueMs - b.dueMs)
    if (!next || next.dueMs > untilMs) return false
    nowMs = Math.max(nowMs, next.dueMs)
    timers.delete(next)
    next.fire()
    return true
  }

  return {
    clock: () => nowMs,
    random,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        const timer: Timer = { dueMs: nowMs + ms, fire: resolve }
        timers.add(timer)
        signal?.addEventListener('abort', () => {
          timers.delete(timer)
          reject(signal.reason)
        })
      }),
    pending: () => timers.size,
    advance: async (ms) => {
      const untilMs = nowMs + ms
      await quiet()
      while (fireNext(untilMs)) await quiet()
      nowMs = untilMs
    },
    settle: async (work) => {
      let isSettled = false
      const mark = () => {
        isSettled = true
      }
      work.then(mark, mark)
      for (await quiet(); !isSettled; await quiet()) {
        if (!fireNext(Number.POSITIVE_INFINITY)) throw new Error('The work waits for something else than time')
      }
      return work
    },
  }
}

/** Until what can go on without time passing has gone on: streams need a turn of the event loop or two. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0))
}
