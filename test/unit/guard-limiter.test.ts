import { afterEach, describe, expect, it, vi } from 'vitest'
import { guardLimiter, LimiterDown } from '../../src/platform/rate-limit/guard-limiter.ts'
import type { Ask, Gift, Limiter, Rule, Standing } from '../../src/platform/rate-limit/limiter.ts'

const TIMEOUT_MS = 200

const rule: Rule = { algorithm: 'sliding-window', limit: 5, windowMs: 60_000 }
const asks: Ask[] = [{ bucket: 'sign-in', rule }]
const gifts: Gift[] = [{ bucket: 'sign-in', rule, amount: 1 }]
const yes: Standing = { allowed: true, remaining: 4, resetMs: 60_000, retryAfterMs: 0 }

/** A limiter that does whatever it is told to, as what it promises to be. */
function limiterThat(take: () => unknown, giveBack: () => unknown = take): Limiter {
  return { take: take as Limiter['take'], giveBack: giveBack as Limiter['giveBack'] }
}

const answered = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms))

afterEach(() => void vi.useRealTimers())

describe('a guarded limiter', () => {
  it('answers what the limiter answers, and waits for nothing more', async () => {
    vi.useFakeTimers()
    const no: Standing = { allowed: false, remaining: 0, resetMs: 10, retryAfterMs: 10 }
    const given = limiterThat(
      async () => [yes, no],
      async () => undefined,
    )
    const [first] = asks
    expect(await guardLimiter(given, TIMEOUT_MS).take('user:1', first ? [first, first] : [])).toEqual([yes, no])
    expect(await guardLimiter(given, TIMEOUT_MS).giveBack('user:1', gifts)).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<[string, () => unknown]>([
    ['fails', () => Promise.reject(new TypeError('connection refused'))],
    [
      'fails before it has begun',
      () => {
        throw new TypeError('no such object')
      },
    ],
  ])('is down where the limiter %s, and says why (S11)', async (_name, fails) => {
    const limiter = guardLimiter(limiterThat(fails), TIMEOUT_MS)
    for (const work of [limiter.take('user:1', asks), limiter.giveBack('user:1', gifts)]) {
      const error = await work.catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(LimiterDown)
      expect((error as LimiterDown).cause).toBeInstanceOf(TypeError)
    }
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a bare yes', true],
    ['a yes outside a list', yes],
    ['too few', []],
    ['too many', [yes, yes]],
    ['a yes in words', [{ ...yes, allowed: 'true' }]],
    ['a yes that says no more', [{ allowed: true }]],
    ['less than nothing left', [{ ...yes, remaining: -1 }]],
    ['no number', [{ ...yes, retryAfterMs: Number.NaN }]],
    ['no end', [{ ...yes, resetMs: Number.POSITIVE_INFINITY }]],
    ['a wait in the past', [{ ...yes, retryAfterMs: -1 }]],
    ['holes', [null]],
  ])('is down where the limiter answers %s (S11)', async (_name, answer) => {
    const limiter = guardLimiter(
      limiterThat(async () => answer),
      TIMEOUT_MS,
    )
    await expect(limiter.take('user:1', asks)).rejects.toBeInstanceOf(LimiterDown)
  })

  it('is down as soon as its time is over where the limiter never answers (S11)', async () => {
    vi.useFakeTimers()
    const limiter = guardLimiter(
      limiterThat(() => new Promise(() => undefined)),
      TIMEOUT_MS,
    )
    const works = [limiter.take('user:1', asks), limiter.giveBack('user:1', gifts)]
    const heard = works.map((work) => work.catch((error: unknown) => error))
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS - 1)
    expect(await Promise.race([...heard, 'waiting'])).toBe('waiting')
    await vi.advanceTimersByTimeAsync(2)
    for (const error of heard) expect(await error).toBeInstanceOf(LimiterDown)
  })

  it('takes no late yes for a yes, and a late failure harms nobody (S11)', async () => {
    vi.useFakeTimers()
    const late = guardLimiter(
      limiterThat(
        () => answered(TIMEOUT_MS + 5, [yes]),
        () => answered(TIMEOUT_MS + 5, undefined).then(() => Promise.reject(new Error('late'))),
      ),
      TIMEOUT_MS,
    )
    const outcomes = Promise.allSettled([late.take('user:1', asks), late.giveBack('user:1', gifts)])
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 100)
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(LimiterDown) })
    }
  })

  it('hears the answer that is there when its time is over, as in an isolate that was busy', async () => {
    vi.useFakeTimers()
    const limiter = guardLimiter(
      limiterThat(() => answered(TIMEOUT_MS, [yes])),
      TIMEOUT_MS,
    )
    const taken = limiter.take('user:1', asks)
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 100)
    expect(await taken).toEqual([yes])
  })
})
