import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '../../src/platform/clock.ts'
import type { Ask, Gift, Rule } from '../../src/platform/rate-limit/limiter.ts'
import { ADAPTERS, ask, countPassed, newSubject, perMinute, tenAndOneASecond } from '../support/limiters.ts'

/** Both adapters take the time from `Date`, so a test says what it is: the first moment of some minute. */
const START = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS
const at = (ms: number) => vi.setSystemTime(START + ms)

const signIns: Ask = { bucket: 'sign-in', rule: perMinute(10) }
const sockets: Ask = { bucket: 'sockets', rule: tenAndOneASecond }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  at(0)
})
afterEach(() => void vi.useRealTimers())

for (const { name, isHere, make } of ADAPTERS) {
  describe.skipIf(!isHere)(`a limiter (${name})`, () => {
    const limiter = make()

    it.each([
      [10, 'R45.1'],
      [100, 'R20.3, R45.2, R46.1'],
    ])('lets %i asks a minute pass and refuses the next until its wait is over (%s)', async (limit) => {
      const [subject, asked] = [newSubject(), { bucket: 'all', rule: perMinute(limit) }]
      expect(await countPassed(limiter, subject, asked, limit)).toBe(limit)
      const { retryAfterMs, ...refused } = await ask(limiter, subject, asked)
      expect(refused).toEqual({ allowed: false, remaining: 0, resetMs: MINUTE_MS })
      expect(retryAfterMs).toBe(MINUTE_MS + MINUTE_MS / limit)
      at(retryAfterMs - 1)
      expect(await ask(limiter, subject, asked)).toMatchObject({ allowed: false, retryAfterMs: 1 })
      at(retryAfterMs)
      expect(await ask(limiter, subject, asked)).toMatchObject({ allowed: true, retryAfterMs: 0 })
    })

    it('does not count what it refuses, so asking on does not prolong the wait (R45.2)', async () => {
      const subject = newSubject()
      await countPassed(limiter, subject, signIns, 10)
      const waits = []
      for (let n = 0; n < 20; n += 1) waits.push((await ask(limiter, subject, signIns)).retryAfterMs)
      expect(new Set(waits)).toEqual(new Set([66_000]))
      at(90_000)
      expect(await countPassed(limiter, subject, signIns, 10)).toBe(5)
    })

    it('lets exactly 50 of 120 asks pass that come at once (R46.1)', async () => {
      const subject = newSubject()
      const many = Array.from({ length: 120 }, () => ask(limiter, subject, { bucket: 'all', rule: perMinute(50) }))
      const standings = await Promise.all(many)
      const passed = standings.filter(({ allowed }) => allowed)
      expect(passed).toHaveLength(50)
      expect(new Set(passed.map(({ remaining }) => remaining)).size).toBe(50)
    })

    it('keeps apart users, addresses and buckets, whatever their names (R46.3)', async () => {
      const id = newSubject().slice('user:'.length)
      const counts = [
        [`user:${id}`, 'a'],
        [`ip:${id}`, 'a'],
        [`user:${id}:a`, 'b:c'],
        [`user:${id}:a:b`, 'c'],
        [`user:${id}`, 'a:b:c'],
        [`user:${id}`, 'POST:/v1/people/:id ?%*'],
      ] as const
      for (const [subject, bucket] of counts) {
        expect(await countPassed(limiter, subject, { bucket, rule: perMinute(2) }, 3), `${subject} ${bucket}`).toBe(2)
      }
    })

    it('lets no second burst through where one window ends and the next begins (R46.3)', async () => {
      const subject = newSubject()
      at(MINUTE_MS - 10)
      expect(await countPassed(limiter, subject, signIns, 20)).toBe(10)
      at(MINUTE_MS)
      expect(await countPassed(limiter, subject, signIns, 20)).toBe(0)
      at(MINUTE_MS + MINUTE_MS / 2)
      expect(await countPassed(limiter, subject, signIns, 20)).toBe(5)
      at(3 * MINUTE_MS)
      expect(await countPassed(limiter, subject, signIns, 20)).toBe(10)
    })

    it('lets a burst of 10 through a bucket and not the 11th, and one more after a second (R46.4)', async () => {
      const subject = newSubject()
      expect(await countPassed(limiter, subject, sockets, 10)).toBe(10)
      const refused = await ask(limiter, subject, sockets)
      expect(refused).toEqual({ allowed: false, remaining: 0, resetMs: 10_000, retryAfterMs: 1_000 })
      at(999)
      expect(await ask(limiter, subject, sockets)).toMatchObject({ allowed: false, retryAfterMs: 1 })
      at(1_000)
      expect(await countPassed(limiter, subject, sockets, 3)).toBe(1)
      at(60_000)
      expect(await countPassed(limiter, subject, sockets, 12)).toBe(10)
    })

    it.each([['a window', signIns] as const, ['a bucket', sockets] as const])(
      'says how much is left: one less each time, never less than none: %s',
      async (_name, asked) => {
        const subject = newSubject()
        const left = []
        for (let n = 0; n < 12; n += 1) left.push((await ask(limiter, subject, asked)).remaining)
        expect(left).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0])
      },
    )

    it.each([['a window', signIns] as const, ['a bucket', sockets] as const])(
      'takes several at once, all of them or none: %s',
      async (_name, asked) => {
        const subject = newSubject()
        const take = (amount: number) => ask(limiter, subject, { ...asked, amount })
        expect(await take(11)).toMatchObject({ allowed: false, remaining: 10 })
        expect(await take(7)).toMatchObject({ allowed: true, remaining: 3 })
        expect(await take(4)).toMatchObject({ allowed: false, remaining: 3 })
        expect(await take(0)).toMatchObject({ allowed: true, remaining: 3 })
        expect(await take(3)).toMatchObject({ allowed: true, remaining: 0 })
      },
    )

    it.each([['a window', signIns] as const, ['a bucket', sockets] as const])(
      'gives back an amount or all, and never more than was taken: %s',
      async (_name, asked) => {
        const [subject, stranger] = [newSubject(), newSubject()]
        const give = (amount: Gift['amount'], to = subject) =>
          limiter.giveBack(to, [{ bucket: asked.bucket, rule: asked.rule, amount }])
        await countPassed(limiter, subject, asked, 10)
        await give(1)
        expect(await countPassed(limiter, subject, asked, 5)).toBe(1)
        await give('all')
        expect(await countPassed(limiter, subject, asked, 8)).toBe(8)
        await give(100)
        expect(await countPassed(limiter, subject, asked, 20)).toBe(10)
        await give(3, stranger)
        expect(await countPassed(limiter, stranger, asked, 20)).toBe(10)
      },
    )

    it('gives back all of a window also in the next one, where it still counts', async () => {
      const subject = newSubject()
      await countPassed(limiter, subject, signIns, 10)
      at(MINUTE_MS)
      await limiter.giveBack(subject, [{ bucket: signIns.bucket, rule: signIns.rule, amount: 'all' }])
      expect(await countPassed(limiter, subject, signIns, 20)).toBe(10)
    })

    it('counts several buckets in one hop, in their order, and none of them where one refuses (R46.3)', async () => {
      const subject = newSubject()
      const asks: Ask[] = [signIns, { bucket: 'strict', rule: perMinute(2) }, sockets]
      const gifts = asks.map(({ bucket, rule }) => ({ bucket, rule, amount: 2 }))
      const take = async () => (await limiter.take(subject, asks)).map((one) => [one.allowed, one.remaining])
      expect(await limiter.countHops(take)).toBe(1)
      expect(await take()).toEqual([
        [true, 8],
        [true, 0],
        [true, 8],
      ])
      expect(await take()).toEqual([
        [true, 8],
        [false, 0],
        [true, 8],
      ])
      expect(await ask(limiter, subject, signIns)).toMatchObject({ remaining: 7 })
      expect(await limiter.countHops(() => limiter.giveBack(subject, gifts))).toBe(1)
      expect(await take()).toEqual([
        [true, 8],
        [true, 1],
        [true, 9],
      ])
    })

    it('gives nothing for free when an isolate’s clock lags behind another’s', async () => {
      const subject = newSubject()
      at(MINUTE_MS)
      expect(await countPassed(limiter, subject, signIns, 9)).toBe(9)
      expect(await countPassed(limiter, subject, sockets, 9)).toBe(9)
      at(MINUTE_MS - 2_000)
      expect(await countPassed(limiter, subject, signIns, 2)).toBe(1)
      expect(await countPassed(limiter, subject, sockets, 2)).toBe(1)
      at(MINUTE_MS)
      expect(await countPassed(limiter, subject, signIns, 2)).toBe(0)
      expect(await countPassed(limiter, subject, sockets, 2)).toBe(0)
    })

    it.each<[string, Rule]>([
      ['a window', { algorithm: 'sliding-window', limit: 5, windowMs: 500 }],
      ['a bucket', { algorithm: 'token-bucket', capacity: 5, refillPerSecond: 2 }],
    ])('keeps its word by the real clock: %s', async (_name, rule) => {
      vi.useRealTimers()
      const [subject, asked] = [newSubject(), { bucket: 'real', rule }]
      let standing = await ask(limiter, subject, asked)
      for (let n = 0; n < 50 && standing.allowed; n += 1) standing = await ask(limiter, subject, asked)
      expect(standing.retryAfterMs).toBeGreaterThan(0)
      expect(standing.retryAfterMs).toBeLessThanOrEqual(1_000)
      await new Promise((resolve) => setTimeout(resolve, standing.retryAfterMs + 1))
      expect(await ask(limiter, subject, asked)).toMatchObject({ allowed: true })
    })
  })
}
