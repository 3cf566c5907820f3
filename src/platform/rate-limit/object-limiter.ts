import type { Ask, Gift, Limiter, Standing } from './limiter.ts'

/** A subject's object as its callers see it: see durable-objects/rate-limiter. */
interface Counter {
  take(asks: readonly Ask[]): Promise<Standing[]>
  giveBack(gifts: readonly Gift[]): Promise<unknown>
}

/** The embedded adapter: an object a subject, near its first caller, that deletes itself. */
export function createObjectLimiter(objectOf: (subject: string) => Counter): Limiter {
  return {
    take: (subject, asks) => objectOf(subject).take(asks),
    async giveBack(subject, gifts) {
      await objectOf(subject).giveBack(gifts)
    },
  }
}
