/** How much of something a subject may have. Times are milliseconds. */
export type Rule =
  /** At most `limit` in any window, estimated from this one and the share of the last that still counts. */
  | { algorithm: 'sliding-window'; limit: number; windowMs: number }
  /** A burst of `capacity`, then `refillPerSecond`. */
  | { algorithm: 'token-bucket'; capacity: number; refillPerSecond: number }

export interface Ask {
  /** Which of the subject's counts: a policy's name, perhaps with a route or a hash. */
  bucket: string
  rule: Rule
  /** 1 where nothing is said. */
  amount?: number
}

/** Where a subject stands after an ask. */
export interface Standing {
  allowed: boolean
  /** Whole asks that are left. */
  remaining: number
  /** Until the count begins anew, or the bucket is full again. */
  resetMs: number
  /** Until the same ask would be allowed; 0 where it was. */
  retryAfterMs: number
}

/**
 * Counts what subjects take. A port: an object a subject by default, Upstash where it is configured; both pass
 * `test/laws/limiter.test.ts`. Every call is one hop, whatever number of buckets it asks. It may throw, hang or
 * answer late: `guardLimiter` bounds that.
 */
export interface Limiter {
  /**
   * One standing an ask, in order. All or nothing: where one is refused none is counted, and the others' standings say
   * that there was room for them. One bucket stands in a call once.
   */
  take(subject: string, asks: readonly Ask[]): Promise<Standing[]>
  /** Gives back what was taken: an amount, or all that the bucket holds. */
  giveBack(subject: string, gifts: readonly Gift[]): Promise<void>
}

export interface Gift {
  bucket: string
  rule: Rule
  amount: number | 'all'
}

/** The most that a rule allows at once: what the headers call the limit. */
export function quotaOf(rule: Rule): number {
  return rule.algorithm === 'sliding-window' ? rule.limit : rule.capacity
}

/** How long a bucket that is left alone still means something. */
export function memoryMs(rule: Rule): number {
  return rule.algorithm === 'sliding-window'
    ? rule.windowMs * 2
    : Math.ceil((rule.capacity / rule.refillPerSecond) * 1_000)
}
