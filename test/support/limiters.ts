import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import type { RateLimiter } from '../../durable-objects/rate-limiter/index.ts'
import { Meter } from '../../src/platform/observability/meter.ts'
import type { Ask, Limiter, Rule, Standing } from '../../src/platform/rate-limit/limiter.ts'
import { createObjectLimiter } from '../../src/platform/rate-limit/object-limiter.ts'
import { createUpstashLimiter } from '../../src/platform/rate-limit/upstash-limiter.ts'
import { remote } from '../../src/platform/remote.ts'

export interface TestLimiter extends Limiter {
  /** How many calls to objects, or HTTP requests, this work causes. */
  countHops(work: () => Promise<unknown>): Promise<number>
}

/** Where tests that need Redis find it; those are skipped where there is none. */
export const UPSTASH = env.TEST_UPSTASH ?? { url: 'http://localhost:1', token: 'none' }
export const hasRedis = env.TEST_UPSTASH !== null

export const ADAPTERS = [
  { name: 'an object a subject', isHere: true, make: makeObjectLimiter },
  { name: 'Upstash', isHere: hasRedis, make: () => makeUpstashLimiter() },
]

export function makeObjectLimiter(): TestLimiter {
  const meter = new Meter()
  const objectOf = (subject: string) =>
    remote<RateLimiter>(env.RATE_LIMITER.getByName(subject), meter, () => Promise.resolve())
  return {
    ...createObjectLimiter(objectOf),
    async countHops(work) {
      const before = meter.costs.objectHops
      await work()
      return meter.costs.objectHops - before
    },
  }
}

export function makeUpstashLimiter(given: Partial<Parameters<typeof createUpstashLimiter>[0]> = {}): TestLimiter {
  return {
    ...createUpstashLimiter({ timeoutMs: 5_000, ...UPSTASH, ...given }),
    async countHops(work) {
      const requests = vi.spyOn(globalThis, 'fetch')
      try {
        await work()
        return requests.mock.calls.length
      } finally {
        requests.mockRestore()
      }
    },
  }
}

export const perMinute = (limit: number): Rule => ({ algorithm: 'sliding-window', limit, windowMs: 60_000 })

export const tenAndOneASecond: Rule = { algorithm: 'token-bucket', capacity: 10, refillPerSecond: 1 }

/** Nobody else's: all files of a run share one Redis. No `newId`, which would remember a time that a test has faked. */
export const newSubject = () => `user:${crypto.randomUUID()}`

/** Asks for one bucket, whose standing comes alone. */
export async function ask(limiter: Limiter, subject: string, given: Ask): Promise<Standing> {
  const [standing] = await limiter.take(subject, [given])
  if (!standing) throw new Error('The limiter has answered nothing')
  return standing
}

/** How many of so many asks, one after the other, pass. */
export async function countPassed(limiter: Limiter, subject: string, given: Ask, asks: number): Promise<number> {
  let passed = 0
  for (let n = 0; n < asks; n += 1) if ((await ask(limiter, subject, given)).allowed) passed += 1
  return passed
}
