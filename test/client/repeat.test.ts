import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ApiError, type ErrorCode } from '../../src/client/index.ts'
import { repeat } from '../../src/client/repeat.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

interface Failure {
  status: number
  code: ErrorCode
  retryAfterSeconds?: number
}

const LOST: Failure = { status: 0, code: 'NETWORK_ERROR' }
const LIMITED: Failure = { status: 429, code: 'RATE_LIMITED', retryAfterSeconds: 2 }
const BUSY: Failure = { status: 503, code: 'UNAVAILABLE', retryAfterSeconds: 1 }

/** When each try was made, in milliseconds, and how it ended: every one of them fails so. */
async function tries(isSafe: boolean, failure: Failure, signal?: AbortSignal) {
  const began = Date.now()
  const at: number[] = []
  const call = repeat(isSafe, signal, async () => {
    at.push(Date.now() - began)
    throw new ApiError({ message: 'no', ...failure })
  }).catch((error: ApiError) => error)
  await vi.runAllTimersAsync()
  return { at, error: (await call) as ApiError }
}

it('repeats a safe call twice, after a lost answer or an outage, and says that the first may have been done', async () => {
  expect(await tries(true, LOST)).toMatchObject({ at: [0, 500, 1_500], error: { mayBeDone: true } })
  expect((await tries(true, BUSY)).at).toEqual([0, 1_000, 2_000])
  expect((await tries(true, { status: 409, code: 'REQUEST_IN_PROGRESS', retryAfterSeconds: 1 })).at).toHaveLength(3)
})

it('makes no other call again, and none that was refused for what it says', async () => {
  expect(await tries(false, LOST)).toMatchObject({ at: [0], error: { mayBeDone: false, isUnanswered: true } })
  expect((await tries(false, BUSY)).at).toEqual([0])
  expect((await tries(true, { status: 409, code: 'CONFLICT' })).at).toEqual([0])
  expect((await tries(true, { status: 500, code: 'INTERNAL_ERROR' })).at).toEqual([0])
  expect((await tries(true, { status: 0, code: 'ABORTED' })).at).toEqual([0])
})

it('waits as long as Retry-After says, up to five seconds; what was one too many was not done, so any call may', async () => {
  expect(await tries(false, LIMITED)).toMatchObject({ at: [0, 2_000, 4_000], error: { mayBeDone: false } })
  expect((await tries(true, { ...LIMITED, retryAfterSeconds: 6 })).at).toEqual([0])
  expect((await tries(true, { ...BUSY, retryAfterSeconds: 60 })).at).toEqual([0])
})

it('gives a call up while it waits, as soon as its caller does', async () => {
  const stop = new AbortController()
  const began = Date.now()
  const call = tries(true, LIMITED, stop.signal)
  stop.abort()
  expect(await call).toMatchObject({ at: [0], error: { code: 'ABORTED', status: 0 } })
  expect(Date.now() - began).toBeLessThan(2_000)
  expect(vi.getTimerCount()).toBe(0)
})
