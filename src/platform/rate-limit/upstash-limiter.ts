import * as z from 'zod'
import { type Clock, systemClock } from '../clock.ts'
import { openUpstash, withoutCommand } from '../upstash.ts'
import { type Look, standingOf } from './count.ts'
import { type Gift, type Limiter, memoryMs, quotaOf } from './limiter.ts'
import { GIVE_BACK, TAKE } from './upstash-scripts.ts'

const PREFIX = 'selvage:limit:'

const exactNumber = z.string().transform(Number).pipe(z.number())

const Looks = z.array(
  z
    .tuple([z.literal([0, 1]), exactNumber, exactNumber, exactNumber])
    .transform(([fits, at, current, previous]): Look => ({ fits: fits === 1, moved: { at, current, previous } })),
)

/**
 * The adapter for Upstash Redis: one HTTP request a call, made once. One for an isolate, which several requests
 * share. Whatever is no answer within `timeoutMs` throws, and the error holds no subject.
 */
export function createUpstashLimiter({
  url,
  token,
  timeoutMs,
  clock = systemClock,
}: {
  url: string
  token: string
  timeoutMs: number
  /** The caller's, not Redis's: Upstash wants scripts that depend on nothing but what they are given. */
  clock?: Clock
}): Limiter {
  const redis = openUpstash({ url, token, timeoutMs })
  // EVAL rather than EVALSHA: it costs two kilobytes, and never a second request when Redis has forgotten the script.
  const run = async (script: string, subject: string, now: number, asked: readonly Gift[]): Promise<unknown> => {
    const keys = asked.map(({ bucket }) => keyOf(subject, bucket))
    const values = asked.flatMap(({ rule, amount }) => [
      rule.algorithm,
      quotaOf(rule),
      rule.algorithm === 'sliding-window' ? rule.windowMs : rule.refillPerSecond,
      amount,
      memoryMs(rule),
    ])
    try {
      return await redis.eval(script, keys, [now, ...values].map(String))
    } catch (error) {
      throw withoutCommand(error)
    }
  }

  return {
    async take(subject, asks) {
      if (asks.length === 0) return []
      const now = clock()
      const asked = asks.map((ask) => ({ ...ask, amount: ask.amount ?? 1 }))
      const looks = Looks.parse(await run(TAKE, subject, now, asked))
      if (looks.length !== asks.length) throw new Error('Upstash has answered something else')
      const isCounted = looks.every(({ fits }) => fits)
      return looks.flatMap((look, i) => {
        const ask = asks[i]
        return ask ? [standingOf(ask, look, isCounted, now)] : []
      })
    },
    async giveBack(subject, gifts) {
      if (gifts.length > 0) await run(GIVE_BACK, subject, clock(), gifts)
    },
  }
}

/** A subject may hold colons, a bucket here does not: no two pairs share a key. */
function keyOf(subject: string, bucket: string): string {
  return `${PREFIX}${subject}:${encodeURIComponent(bucket)}`
}
