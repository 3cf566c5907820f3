import type { RateLimiter } from '../../../durable-objects/rate-limiter/index.ts'
import type { Remote } from '../remote.ts'
import type { Limiter } from './limiter.ts'

/** The embedded adapter: an object a subject, near its first caller, that deletes itself. */
export function createObjectLimiter(objectOf: (subject: string) => Remote<RateLimiter>): Limiter {
  return {
    take: (subject, asks) => objectOf(subject).take(asks),
    async giveBack(subject, gifts) {
      await objectOf(subject).giveBack(gifts)
    },
  }
}
