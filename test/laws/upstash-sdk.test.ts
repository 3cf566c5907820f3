import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis/cloudflare'
import { describe, expect, it } from 'vitest'
import { hasRedis, newSubject, UPSTASH } from '../support/limiters.ts'

type Algorithm = ReturnType<typeof Ratelimit.slidingWindow | typeof Ratelimit.tokenBucket>

// Why there is a script of our own. Where one of these fails after an update, look again.
describe.skipIf(!hasRedis)('the limiter of Upstash’s own SDK', () => {
  const redis = new Redis({ ...UPSTASH, enableTelemetry: false })
  const prefix = 'upstash-sdk'
  const make = (limiter: Algorithm) =>
    new Ratelimit({
      redis,
      prefix,
      limiter,
      timeout: 0,
      ephemeralCache: false,
      analytics: false,
      enableTelemetry: false,
    })
  const window = make(Ratelimit.slidingWindow(10, '1 h'))
  const bucket = make(Ratelimit.tokenBucket(1, '1 s', 10))

  it('counts what a window refuses, where more than one is asked', async () => {
    const subject = newSubject()
    await window.limit(subject, { rate: 8 })
    expect(await window.limit(subject, { rate: 5 })).toMatchObject({ success: false })
    expect(await window.limit(subject, { rate: 1 })).toMatchObject({ success: false })
  })

  it('gives back more than was taken', async () => {
    const subject = newSubject()
    expect(await window.limit(subject, { rate: -5 })).toMatchObject({ remaining: 15 })
    expect(await bucket.limit(subject, { rate: -5 })).toMatchObject({ remaining: 15 })
  })

  it('leaves a bucket without an end when that was given back', async () => {
    const subject = newSubject()
    await bucket.limit(subject, { rate: -1 })
    expect(await redis.pttl(`${prefix}:${subject}`)).toBe(-1)
  })

  it('forgets other counts too when it forgets one, for it looks for what begins like it', async () => {
    const subject = newSubject()
    await window.limit(`${subject}:sign-in`, { rate: 4 })
    await window.resetUsedTokens(subject)
    expect(await window.getRemaining(`${subject}:sign-in`)).toMatchObject({ remaining: 10 })
  })

  it('says when a window ends and not when an ask would pass', async () => {
    const subject = newSubject()
    await window.limit(subject, { rate: 10 })
    const { reset, success } = await window.limit(subject)
    expect([success, reset % 3_600_000]).toEqual([false, 0])
  })
})
