import { describe, expect, it, vi } from 'vitest'
import { Refusal } from '../../src/platform/errors.ts'
import { type Failure, isRetryable, type RetryOptions, retry, withRetry } from '../../src/platform/resilience/retry.ts'
import { RetryBudget } from '../../src/platform/resilience/retry-budget.ts'
import { systemTiming } from '../../src/platform/resilience/time-limit.ts'
import { createFakeTime } from '../support/fake-time.ts'

const LOST = new Error('Network connection lost.')

/** Work that fails so many times, and when each of its attempts began, from the first one on. */
function failing(time: { clock: () => number }, times = Number.POSITIVE_INFINITY, error: unknown = LOST) {
  const begunMs: number[] = []
  let firstMs: number | undefined
  const work = async ({ number }: { number: number }) => {
    firstMs ??= time.clock()
    begunMs.push(time.clock() - firstMs)
    if (number <= times) throw error
    return `attempt ${number}`
  }
  return { work, begunMs }
}

const waits = (begunMs: number[]) => begunMs.slice(1).map((ms, i) => ms - (begunMs[i] ?? 0))

/** The waits of a call whose random numbers are all `random`. */
async function waitsWith(random: number, options: RetryOptions = {}) {
  const time = createFakeTime(() => random)
  const { work, begunMs } = failing(time)
  await time.settle(retry(work, { ...time, ...options }).catch(() => undefined))
  return waits(begunMs)
}

describe('retry', () => {
  it('calls three times in all, 1 s and 2 s apart, and rethrows the last error (R38.1)', async () => {
    const time = createFakeTime()
    const errors = [1, 2, 3].map((number) => new Error('Network connection lost.', { cause: number }))
    const begunMs: number[] = []
    const work = async ({ number }: { number: number }) => {
      begunMs.push(time.clock())
      throw errors[number - 1]
    }
    await expect(time.settle(retry(work, time))).rejects.toBe(errors[2])
    expect(waits(begunMs)).toEqual([1_000, 2_000])
  })

  it('spreads each wait over 30 % to both sides, evenly (R38.1)', async () => {
    expect(await waitsWith(0)).toEqual([700, 1_400])
    expect(await waitsWith(0.25)).toEqual([850, 1_700])
    expect(await waitsWith(1)).toEqual([1_300, 2_600])
    const time = createFakeTime(Math.random)
    const calls = Array.from({ length: 60 }, () => failing(time, 1))
    const done = Promise.all(calls.map(({ work }) => retry(work, time)))
    await time.settle(done)
    const spread = calls.map(({ begunMs }) => waits(begunMs)[0] ?? 0)
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(700)
    expect(Math.min(...spread)).toBeLessThan(900)
    expect(Math.max(...spread)).toBeGreaterThan(1_100)
    expect(Math.max(...spread)).toBeLessThanOrEqual(1_300)
  })

  it('doubles its waits: 1, 2, 4, 8 s (R38.2)', async () => {
    expect(await waitsWith(0.5, { maxAttempts: 5, deadlineMs: 60_000 })).toEqual([1_000, 2_000, 4_000, 8_000])
  })

  it('never waits longer than 60 s, jitter included (R38.1)', async () => {
    const long = { maxAttempts: 10, deadlineMs: 3_600_000 }
    const [highest, lowest] = [await waitsWith(1, long), await waitsWith(0, long)]
    expect(highest.slice(-2)).toEqual([60_000, 60_000])
    expect(new Set([...highest, ...lowest].filter((ms) => ms > 60_000))).toEqual(new Set())
    expect(lowest.at(-1)).toBeLessThan(60_000 * 0.6)
  })

  it('stops at the first success, and tells each attempt its number', async () => {
    const time = createFakeTime()
    const { work, begunMs } = failing(time, 1)
    expect(await time.settle(retry(work, time))).toBe('attempt 2')
    expect(begunMs).toEqual([0, 1_000])
    expect(time.pending()).toBe(0)
  })

  it('retries only what the predicate wants (R38.1, R38.3)', async () => {
    const time = createFakeTime()
    const declined = new Error('card_declined')
    const shouldRetry = vi.fn((error: unknown, attempt: number) => error === LOST && attempt < 2)
    const refused = failing(time, 9, declined)
    await expect(time.settle(retry(refused.work, { ...time, shouldRetry }))).rejects.toBe(declined)
    expect(refused.begunMs).toHaveLength(1)
    const lost = failing(time)
    await expect(time.settle(retry(lost.work, { ...time, shouldRetry }))).rejects.toBe(LOST)
    expect(lost.begunMs).toHaveLength(2)
  })

  it.each<[string, unknown, boolean]>([
    ['a lost connection', LOST, true],
    ['what the platform marks so', Object.assign(new Error('x'), { retryable: true }), true],
    ['a time-out', new DOMException('The operation was aborted due to timeout', 'TimeoutError'), true],
    ['a lost connection as the cause', new Error('it failed', { cause: LOST }), true],
    ['who is overloaded', Object.assign(new Error('x'), { overloaded: true, retryable: true }), false],
    ['an abort', new DOMException('The operation was aborted', 'AbortError'), false],
    ['a refusal', new Refusal('UNAVAILABLE', 'x', { reason: 'Network connection lost.' }), false],
    ['a mistake of ours', new TypeError('x is not a function'), false],
    ['what is no error', 'Network connection lost.', false],
  ])('retries by default what brought no verdict, and nothing else: %s (R38.1)', (_what, error, expected) => {
    expect(isRetryable(error)).toBe(expected)
  })

  it('asks at least for the wait that the other side wants, and gives up at once where that is too long', async () => {
    const time = createFakeTime()
    const { work, begunMs } = failing(time, 1)
    await time.settle(retry(work, { ...time, atLeastMs: () => 4_000 }))
    expect(waits(begunMs)).toEqual([4_000])
    const startedMs = time.clock()
    await expect(time.settle(retry(failing(time).work, { ...time, atLeastMs: () => 10_000 }))).rejects.toBe(LOST)
    expect(time.clock()).toBe(startedMs)
  })

  it('says of each failed attempt how long it took and what follows', async () => {
    const time = createFakeTime()
    const failures: Failure[] = []
    const work = async () => {
      await time.sleep(250)
      throw LOST
    }
    await time.settle(
      retry(work, { ...time, maxAttempts: 2, onFailure: (one) => failures.push(one) }).catch(() => undefined),
    )
    expect(failures).toEqual([
      { attempt: 1, error: LOST, durationMs: 250, next: { delayMs: 1_000 } },
      { attempt: 2, error: LOST, durationMs: 250, next: { givesUp: 'attempts' } },
    ])
  })
})

describe('the deadline of a retry', () => {
  it('cuts an attempt that hangs after 10 s, heedless of its signal or not, as a time-out (R38.2)', async () => {
    const time = createFakeTime()
    const startedMs = time.clock()
    let heard: AbortSignal | undefined
    const hanging = retry(({ signal }) => {
      heard = signal
      return new Promise<never>(() => undefined)
    }, time)
    await expect(time.settle(hanging)).rejects.toMatchObject({ name: 'Outage', code: 'DEADLINE_EXCEEDED' })
    expect(time.clock() - startedMs).toBe(10_000)
    expect(heard?.aborted).toBe(true)
    expect(time.pending()).toBe(0)
  })

  it('ends a retry before a wait that would outlast it, with the last error (R38.2)', async () => {
    const time = createFakeTime()
    const { work, begunMs } = failing(time)
    const startedMs = time.clock()
    await expect(time.settle(retry(work, { ...time, maxAttempts: 9 }))).rejects.toBe(LOST)
    // 1 + 2 + 4 s are over; 8 s more would be too many.
    expect(begunMs).toEqual([0, 1_000, 3_000, 7_000])
    expect(time.clock() - startedMs).toBe(7_000)
  })
})

describe('the signal of a caller', () => {
  it('ends a retry before, during and between attempts, with its reason, and leaves no timer (R38.1)', async () => {
    const reason = new Error('the caller has gone')
    const time = createFakeTime()
    const onFailure = vi.fn()

    const before = failing(time)
    const gone = AbortSignal.abort(reason)
    await expect(retry(before.work, { ...time, signal: gone })).rejects.toBe(reason)
    expect(before.begunMs).toEqual([])

    const during = new AbortController()
    const hanging = retry(() => new Promise<never>(() => undefined), { ...time, signal: during.signal, onFailure })
    during.abort(reason)
    await expect(hanging).rejects.toBe(reason)
    expect(onFailure).not.toHaveBeenCalled()

    const between = new AbortController()
    const { work, begunMs } = failing(time)
    const waiting = retry(work, { ...time, signal: between.signal, onFailure })
    const settled = expect(waiting).rejects.toBe(reason)
    await time.advance(500)
    between.abort(reason)
    await settled
    await time.advance(5_000)
    expect([begunMs.length, onFailure.mock.calls.length]).toEqual([1, 1])
    expect(time.pending()).toBe(0)
  })
})

describe('the options of a retry', () => {
  it.each<[string, RetryOptions]>([
    ['maxAttempts', { maxAttempts: 0 }],
    ['maxAttempts', { maxAttempts: 2.5 }],
    ['initialDelayMs', { initialDelayMs: -1 }],
    ['initialDelayMs', { initialDelayMs: Number.NaN }],
    ['factor', { factor: 0.5 }],
    ['maxDelayMs', { maxDelayMs: Number.POSITIVE_INFINITY }],
    ['jitter', { jitter: 1.1 }],
    ['deadlineMs', { deadlineMs: 0 }],
    ['deadlineMs', { deadlineMs: 2 ** 31 }],
  ])('are refused before the first call where they make no sense: %s', async (name, options) => {
    const work = vi.fn(async () => 1)
    await expect(retry(work, options)).rejects.toThrow(RangeError)
    await expect(retry(work, options)).rejects.toThrow(name)
    expect(() => withRetry(options, work)).toThrow(name)
    expect(work).not.toHaveBeenCalled()
  })

  it('take zero for what it is', async () => {
    expect(await waitsWith(0, { initialDelayMs: 0 })).toEqual([0, 0])
    expect(await waitsWith(0, { jitter: 0 })).toEqual([1_000, 2_000])
  })
})

describe('a declared retry', () => {
  it('passes its arguments on, and retries as declared: five times from 2 s, never a declined card (R38.3)', async () => {
    const time = createFakeTime()
    const declined = Object.assign(new Error('Your card was declined'), { code: 'card_declined' })
    const begunMs: number[] = []
    const charge = withRetry(
      {
        ...time,
        maxAttempts: 5,
        initialDelayMs: 2_000,
        deadlineMs: 60_000,
        shouldRetry: (error) => error !== declined,
      },
      async ({ number }, orderId: string, amount: number) => {
        begunMs.push(time.clock())
        if (amount > 100) throw declined
        if (number < 5) throw LOST
        return `${orderId}: ${amount}`
      },
    )
    expect(await time.settle(charge('order-1', 70))).toBe('order-1: 70')
    expect(waits(begunMs)).toEqual([2_000, 4_000, 8_000, 16_000])
    begunMs.length = 0
    await expect(time.settle(charge('order-2', 170))).rejects.toBe(declined)
    expect(begunMs).toHaveLength(1)
  })
})

describe('a wait in real time', () => {
  it('ends after its time, or with its signal, and leaves no timer behind', async () => {
    vi.useFakeTimers()
    try {
      const reason = new Error('the caller has gone')
      const caller = new AbortController()
      const cut = expect(systemTiming.sleep(1_000, caller.signal)).rejects.toBe(reason)
      const whole = systemTiming.sleep(1_000, new AbortController().signal)
      expect(vi.getTimerCount()).toBe(2)
      caller.abort(reason)
      await cut
      expect(vi.getTimerCount()).toBe(1)
      await vi.advanceTimersByTimeAsync(1_000)
      await whole
      await expect(systemTiming.sleep(1_000, caller.signal)).rejects.toBe(reason)
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a retry budget', () => {
  /** How often a dependency is called by so many requests that all fail, one after the other. */
  async function attemptsOf(requests: number, budget: RetryBudget) {
    const time = createFakeTime()
    const { work, begunMs } = failing(time)
    for (let sent = 0; sent < requests; sent += 1) {
      const options = { ...time, initialDelayMs: 0, sleep: withoutDelay(time.sleep), budget }
      await expect(retry(work, options)).rejects.toBe(LOST)
    }
    return begunMs.length
  }
  /** A wait of nothing is over at once; deadlines are not reached here. */
  const withoutDelay =
    (sleep: ReturnType<typeof createFakeTime>['sleep']) =>
    (ms: number, signal?: AbortSignal): Promise<void> =>
      ms === 0 ? Promise.resolve() : sleep(ms, signal)

  it('holds all attempts of a thousand failing requests below 1.2 times their number (S12)', async () => {
    expect(await attemptsOf(1_000, new RetryBudget())).toBe(1_000 + 2 + 100)
  })

  it('holds as well when they all come at once (S12)', async () => {
    const time = createFakeTime()
    const { work, begunMs } = failing(time)
    const budget = new RetryBudget()
    const all = Promise.allSettled(Array.from({ length: 1_000 }, () => retry(work, { ...time, budget })))
    await time.settle(all)
    expect(begunMs.length).toBeGreaterThan(1_000)
    expect(begunMs.length).toBeLessThanOrEqual(1_200)
  })

  it('lets the first failure of a new isolate be retried, and each tenth one after it', async () => {
    const budget = new RetryBudget()
    expect(await attemptsOf(1, budget)).toBe(3)
    expect(await attemptsOf(8, budget)).toBe(8)
    expect(await attemptsOf(1, budget)).toBe(2)
  })

  it('saves up in good times, and no more than its capacity', async () => {
    const time = createFakeTime()
    const budget = new RetryBudget()
    for (let sent = 0; sent < 500; sent += 1) await retry(async () => 'fine', { ...time, budget })
    expect(await attemptsOf(20, budget)).toBe(20 + 10 + 1)
  })

  it('costs nothing where a retry is not made for another reason', async () => {
    const time = createFakeTime()
    const budget = new RetryBudget({ share: 0, firstRetries: 1 })
    const tooLate = { ...time, budget, atLeastMs: () => 60_000 }
    await expect(retry(failing(time).work, tooLate)).rejects.toBe(LOST)
    await expect(retry(failing(time).work, { ...time, budget, shouldRetry: () => false })).rejects.toBe(LOST)
    await expect(retry(failing(time).work, { ...time, budget, maxAttempts: 1 })).rejects.toBe(LOST)
    expect([budget.spend(), budget.spend()]).toEqual([true, false])
  })

  it('refuses options that make no sense', () => {
    expect(() => new RetryBudget({ share: 1.5 })).toThrow('share')
    expect(() => new RetryBudget({ firstRetries: 11 })).toThrow('firstRetries')
    expect(() => new RetryBudget({ capacity: Number.NaN })).toThrow('capacity')
  })
})
