import { ApiError, CLIENT_CODES } from './api-error.ts'

const SHORTEST_MS = 500
const LONGEST_MS = 15_000

/**
 * How long to wait before try number `attempt` (from 0): doubling, from half a second to fifteen, with half of it
 * random so that the clients of a server that restarts do not come back in step.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (attempt + 1))
  return Math.max(SHORTEST_MS, Math.round(ceiling * (0.5 + random() / 2)))
}

/** Rejects with an ApiError as soon as the signal ends the wait. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(new ApiError({ status: 0, code: CLIENT_CODES.aborted, message: 'The call was given up' }))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
