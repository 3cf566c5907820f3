import * as z from 'zod'
import type { Limiter } from './limiter.ts'

/** The limiter did not answer, answered late, or said something that is no answer. Each policy says what then. */
export class LimiterDown extends Error {
  override readonly name = 'LimiterDown'
}

const Standings = z.array(
  z.object({
    allowed: z.boolean(),
    remaining: z.number().nonnegative(),
    resetMs: z.number().nonnegative(),
    retryAfterMs: z.number().nonnegative(),
  }),
)

/**
 * Bounds another limiter: one that is down, slow or answers garbage becomes `LimiterDown` within `timeoutMs`, and
 * is never taken for a yes.
 */
export function guardLimiter(limiter: Limiter, timeoutMs: number): Limiter {
  return {
    async take(subject, asks) {
      const standings = Standings.safeParse(await withinTime(() => limiter.take(subject, asks), timeoutMs))
      if (!standings.success || standings.data.length !== asks.length) throw new LimiterDown('not an answer')
      return standings.data
    },
    giveBack: (subject, gifts) => withinTime(() => limiter.giveBack(subject, gifts), timeoutMs),
  }
}

async function withinTime<T>(work: () => Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // An isolate that was busy hears of the time before it hears of an answer that is there already.
      timer = setTimeout(() => reject(new LimiterDown(`no answer within ${timeoutMs} ms`)), 1)
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    throw error instanceof LimiterDown ? error : new LimiterDown('it failed', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
