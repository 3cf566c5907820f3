import type { Ask, Gift, Limiter, Standing } from './limiter.ts'

/** The commands of a subject's object, as `Remote` shows them. */
interface SubjectObject {
  take(asks: readonly Ask[]): Promise<Standing[]>
  giveBack(gifts: readonly Gift[]): Promise<unknown>
}

/** The embedded adapter: an object a subject, near its first caller, that deletes itself. */
export function createObjectLimiter(objectOf: (subject: string) => SubjectObject): Limiter {
  return {
    take: (subject, asks) => objectOf(subject).take(asks),
    async giveBack(subject, gifts) {
      await objectOf(subject).giveBack(gifts)
    },
  }
}
