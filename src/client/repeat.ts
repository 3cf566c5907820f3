import { ApiError, CLIENT_CODES } from './api-error.ts'
import { backoffMs, sleep } from './backoff.ts'

const MOST_TRIES = 3
/** A wait that a person sits through without being told of it. */
const SHORT_WAIT_SECONDS = 5

/**
 * Makes a call again where that is of use and cannot do harm: after a refusal for being too many, which did nothing; and,
 * where it `isSafe`, after a lost answer or an outage. What the server says of the time to wait is heeded while it is
 * short; a longer wait is for the caller to decide.
 */
export async function repeat<T>(isSafe: boolean, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  let mayBeDone = false
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const waitMs = tries < MOST_TRIES ? waitBefore(error, isSafe, tries) : undefined
      if (waitMs === undefined) throw mayBeDone ? new ApiError({ ...error, message: error.message, mayBeDone }) : error
      mayBeDone ||= error.status !== 429
      await sleep(waitMs, signal)
    }
  }
}

/** Milliseconds; undefined where the call is not to be made again. */
function waitBefore(error: ApiError, isSafe: boolean, tries: number): number | undefined {
  const { status, code, retryAfterSeconds } = error
  if (code === CLIENT_CODES.aborted) return undefined
  const isTooMany = status === 429
  const isOutage = error.isUnanswered || [502, 503, 504].includes(status) || code === 'REQUEST_IN_PROGRESS'
  if (!isTooMany && !(isSafe && isOutage)) return undefined
  if (retryAfterSeconds === null) return isTooMany ? undefined : backoffMs(tries - 1)
  if (retryAfterSeconds > SHORT_WAIT_SECONDS) return undefined
  // All who were refused together are told the same time: a little later, and not all at once.
  return retryAfterSeconds * 1_000 + Math.random() * 500
}
