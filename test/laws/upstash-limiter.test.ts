import { Redis } from '@upstash/redis/cloudflare'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Count, giveBackTo, takeFrom } from '../../src/platform/rate-limit/count.ts'
import { guardLimiter, LimiterDown } from '../../src/platform/rate-limit/guard-limiter.ts'
import type { Rule } from '../../src/platform/rate-limit/limiter.ts'
import {
  ask,
  hasRedis,
  makeUpstashLimiter,
  newSubject,
  perMinute,
  tenAndOneASecond,
  UPSTASH,
} from '../support/limiters.ts'

const asked = { bucket: 'sign-in', rule: perMinute(10) }
const gift = { ...asked, amount: 1 }

/** Its memory outlasts the test: Redis forgets by its own clock, and the test has another. */
const someRule: fc.Arbitrary<Rule> = fc.oneof(
  fc.record({
    algorithm: fc.constant('sliding-window' as const),
    limit: fc.integer({ min: 1, max: 20 }),
    windowMs: fc.integer({ min: 20_000, max: 100_000 }),
  }),
  fc
    .record({ capacity: fc.integer({ min: 1, max: 20 }), seconds: fc.integer({ min: 40, max: 200 }) })
    .map(({ capacity, seconds }) => ({
      algorithm: 'token-bucket' as const,
      capacity,
      refillPerSecond: capacity / seconds,
    })),
)
const someSteps = fc.array(
  fc.record({
    // Back too: isolates have clocks of their own.
    waitMs: fc.oneof(fc.nat(2_000), fc.nat(150_000), fc.integer({ min: -3_000, max: 0 })),
    amount: fc.integer({ min: 0, max: 5 }),
    bucket: fc.constantFrom('one', 'other'),
    does: fc.constantFrom('take', 'take', 'take', 'give', 'give all'),
  }),
  { minLength: 10, maxLength: 40, size: 'max' },
)

describe.skipIf(!hasRedis)('the limiter of Upstash', () => {
  it('says of every sequence what the pure count says, to the last fraction', async () => {
    await fc.assert(
      fc.asyncProperty(someRule, someRule, someSteps, async (one, other, steps) => {
        let now = 1_800_000_000_000
        const limiter = makeUpstashLimiter({ clock: () => now })
        const subject = newSubject()
        const counts = new Map<string, Count>()
        for (const { waitMs, amount, bucket, does } of steps) {
          now += waitMs
          const rule = bucket === 'one' ? one : other
          const held = counts.get(bucket)
          if (does === 'take') {
            const { count, standing } = takeFrom(held, { bucket, rule, amount }, now)
            expect(await ask(limiter, subject, { bucket, rule, amount })).toEqual(standing)
            if (standing.allowed) counts.set(bucket, count)
          } else {
            const given = does === 'give' ? amount : 'all'
            await limiter.giveBack(subject, [{ bucket, rule, amount: given }])
            if (held && given === 'all') counts.delete(bucket)
            else if (held) counts.set(bucket, giveBackTo(held, rule, given, now))
          }
        }
      }),
      { numRuns: 25, interruptAfterTimeLimit: 10_000 },
    )
  })

  it('leaves no key without an end, whatever was asked of it (R46.1, R46.4)', async () => {
    const redis = new Redis({ ...UPSTASH, enableTelemetry: false })
    const limiter = makeUpstashLimiter()
    const subject = newSubject()
    const bucket = { bucket: 'bucket', rule: tenAndOneASecond }
    await limiter.take(subject, [asked, bucket])
    await limiter.take(subject, [{ bucket: 'refused', rule: perMinute(1), amount: 2 }])
    await limiter.giveBack(subject, [gift, { ...bucket, amount: 50 }, { ...gift, bucket: 'never taken' }])
    const keys = await redis.keys(`selvage:limit:${subject}:*`)
    expect(keys.toSorted()).toEqual([`selvage:limit:${subject}:bucket`, `selvage:limit:${subject}:sign-in`])
    const [ofBucket = -1, ofWindow = -1] = await Promise.all(keys.toSorted().map((key) => redis.pttl(key)))
    expect(ofBucket).toBeGreaterThan(5_000)
    expect(ofBucket).toBeLessThanOrEqual(10_000)
    expect(ofWindow).toBeGreaterThan(100_000)
    expect(ofWindow).toBeLessThanOrEqual(120_000)
    await limiter.giveBack(subject, [{ ...asked, amount: 'all' }])
    expect(await redis.keys(`selvage:limit:${subject}:*`)).toEqual([`selvage:limit:${subject}:bucket`])
  })

  it('asks Redis nothing where nothing is asked', async () => {
    const limiter = makeUpstashLimiter()
    const nothing = () => Promise.all([limiter.take('user:1', []), limiter.giveBack('user:1', [])])
    expect(await limiter.countHops(nothing)).toBe(0)
  })
})

const TIMEOUT_MS = 100
const says = (status: number, text: string) => `${UPSTASH.url}/answers/${status}/${encodeURIComponent(text)}`

describe.skipIf(!hasRedis)('a limiter whose Upstash', () => {
  it.each([
    ['refuses the connection', { url: 'http://127.0.0.1:1' }],
    ['does not know us', { token: 'another' }],
    ['never answers', { url: `${UPSTASH.url}/hang` }],
    ['stops in the middle of its answer', { url: `${UPSTASH.url}/stall` }],
    ['answers late', { url: `${UPSTASH.url}/late/5000` }],
    ['answers 500 with a page', { url: says(500, '<html>') }],
    ['answers 500 with JSON', { url: says(500, '{"error":"ERR"}') }],
    ['answers 429', { url: says(429, '{"error":"ERR max daily request limit exceeded"}') }],
    ['answers with a page', { url: says(200, '<html>') }],
    ['answers nothing', { url: says(200, '') }],
    ['answers an empty object', { url: says(200, '{}') }],
    ['answers null', { url: says(200, '{"result":null}') }],
    ['answers a bare yes', { url: says(200, '{"result":"T0s="}') }],
    ['answers a number', { url: says(200, '{"result":1}') }],
    ['answers for nobody', { url: says(200, '{"result":[]}') }],
    ['answers for two', { url: says(200, '{"result":[[1,"MQ==","MQ==","MA=="],[1,"MQ==","MQ==","MA=="]]}') }],
    ['answers half a count', { url: says(200, '{"result":[[1,"MQ==","MQ=="]]}') }],
    ['answers words for numbers', { url: says(200, '{"result":[[1,"MQ==","YWJj","MA=="]]}') }],
    ['answers neither yes nor no', { url: says(200, '{"result":[[2,"MQ==","MQ==","MA=="]]}') }],
    ['answers an error in passing', { url: says(200, '{"error":"ERR"}') }],
  ])('%s fails within its time, having asked once (S11)', async (_name, given) => {
    const limiter = makeUpstashLimiter({ timeoutMs: TIMEOUT_MS, ...given })
    const began = performance.now()
    const requests = await limiter.countHops(() => expect(limiter.take(newSubject(), [asked])).rejects.toThrow())
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(requests).toBe(1)
    const guarded = guardLimiter(limiter, TIMEOUT_MS)
    await expect(guarded.take(newSubject(), [asked])).rejects.toBeInstanceOf(LimiterDown)
  })

  it.each([
    ['refuses the connection', { url: 'http://127.0.0.1:1' }],
    ['never answers', { url: `${UPSTASH.url}/hang` }],
    ['answers 500', { url: says(500, '<html>') }],
    ['answers with a page', { url: says(200, '<html>') }],
  ])('%s gives nothing back, and says so', async (_name, given) => {
    const limiter = makeUpstashLimiter({ timeoutMs: TIMEOUT_MS, ...given })
    await expect(limiter.giveBack(newSubject(), [gift])).rejects.toThrow()
  })

  it('answers late has counted, which nobody may take for a yes (S11)', async () => {
    const subject = newSubject()
    const late = makeUpstashLimiter({ timeoutMs: TIMEOUT_MS, url: `${UPSTASH.url}/late/1000` })
    await expect(late.take(subject, [asked])).rejects.toThrow()
    expect(await ask(makeUpstashLimiter(), subject, asked)).toMatchObject({ allowed: true, remaining: 8 })
  })

  it('complains of a command is told of without the subject and the token', async () => {
    for (const given of [{ url: says(400, '{"error":"ERR wrong"}') }, { token: 'another-secret' }]) {
      const error = await makeUpstashLimiter(given)
        .take('ip:203.0.113.7', [asked])
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(Error)
      const { message, stack, cause } = error as Error
      expect(message).toMatch(/ERR wrong|WRONGPASS/)
      expect(`${message} ${stack} ${cause}`).not.toMatch(/203\.0\.113\.7|another-secret|KEYS/)
    }
  })
})
