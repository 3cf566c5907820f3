import { type Clock, systemClock } from '../clock.ts'

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts; then it leaves no timer behind. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

/** What of the world decides when something happens. Tests bring their own. */
export interface Timing {
  clock: Clock
  sleep: Sleep
  /** From 0 up to 1. */
  random: () => number
}

export const systemTiming: Timing = { clock: systemClock, sleep, random: Math.random }

/** The longest wait that a timer takes; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/**
 * Runs `work` with a signal that aborts after `ms` with `late()`, or with the reason of `outer`. Rejects then, also
 * where the work does not heed its signal. The reason arrives as it is: one that went through the platform's fetch
 * would have lost its class.
 */
export async function limitTime<T>(
  { ms, late, outer, sleep }: { ms: number; late: () => Error; outer?: AbortSignal | undefined; sleep: Sleep },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted()
  const limit = new AbortController()
  const done = new AbortController()
  sleep(ms, done.signal).then(
    () => limit.abort(late()),
    () => undefined,
  )
  const signal = outer ? AbortSignal.any([outer, limit.signal]) : limit.signal
  try {
    return await unlessAborted(signal, work(signal))
  } finally {
    done.abort()
  }
}

function unlessAborted<T>(signal: AbortSignal, running: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    // The work may have begun by ending everything.
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
