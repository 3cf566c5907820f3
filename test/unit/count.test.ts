import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Count, giveBackTo, takeFrom } from '../../src/platform/rate-limit/count.ts'
import { memoryMs, quotaOf, type Rule } from '../../src/platform/rate-limit/limiter.ts'

type Window = Extract<Rule, { algorithm: 'sliding-window' }>
type Bucket = Extract<Rule, { algorithm: 'token-bucket' }>

const someWindow: fc.Arbitrary<Window> = fc.record({
  algorithm: fc.constant('sliding-window'),
  limit: fc.integer({ min: 1, max: 50 }),
  windowMs: fc.integer({ min: 10, max: 100_000 }),
})
const someBucket: fc.Arbitrary<Bucket> = fc.record({
  algorithm: fc.constant('token-bucket'),
  capacity: fc.integer({ min: 1, max: 50 }),
  refillPerSecond: fc.double({ min: 0.01, max: 100, noNaN: true }),
})

/** Asks with what went by before each, as a share of the rule's memory. Many come at once. */
const someAsks = fc.array(
  fc.record({
    gap: fc.oneof(
      fc.constant(0),
      fc.double({ min: 0, max: 0.02, noNaN: true }),
      fc.double({ max: 1, min: 0, noNaN: true }),
    ),
    amount: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 100, size: 'max' },
)
type Asks = readonly { gap: number; amount: number }[]

interface Entry {
  at: number
  amount: number
  allowed: boolean
}

const START = 1_800_000_000_000

/** Every ask by its time, and what the count holds after the last. */
function play(rule: Rule, asks: Asks): { log: Entry[]; count: Count | undefined; now: number } {
  let [now, count] = [START, undefined as Count | undefined]
  const log = asks.map(({ gap, amount }) => {
    now += Math.round(gap * memoryMs(rule))
    const taken = takeFrom(count, { bucket: '', rule, amount }, now)
    count = taken.count
    return { at: now, amount, allowed: taken.standing.allowed }
  })
  return { log, count, now }
}

const sum = (log: readonly Entry[]) => log.reduce((total, { amount, allowed }) => total + (allowed ? amount : 0), 0)

/** Every run of entries that ends with this one: what passed in it, and how long it lasted. */
function runsTo(log: readonly Entry[], last: number): { total: number; lasted: number }[] {
  const end = log[last]?.at ?? 0
  let total = 0
  return log
    .slice(0, last + 1)
    .toReversed()
    .map((entry) => {
      total += sum([entry])
      return { total, lasted: end - entry.at }
    })
}

describe('a sliding window', () => {
  it('lets through at most limit x (1 + d / window) in any time d up to a window, so no burst of twice the limit', () => {
    // Proof. Within one window: at most `limit`. Over a border: let `a` pass before it and `b` after it, the last of them
    // at the share q of the new window. It passed, so a (1 - q) + b <= limit, hence a + b <= limit + a q <= limit (1 + q);
    // and d is at least q windows.
    fc.assert(
      fc.property(someWindow, someAsks, (rule, asks) => {
        const { log } = play(rule, asks)
        const excess = [...log.keys()]
          .flatMap((last) => runsTo(log, last))
          .filter(({ lasted }) => lasted <= rule.windowMs)
          .map(({ total, lasted }) => total - rule.limit * (1 + lasted / rule.windowMs))
        expect(Math.max(...excess)).toBeLessThanOrEqual(1e-6)
      }),
    )
  })

  it('refuses nobody who has room in what this window and the last have seen', () => {
    fc.assert(
      fc.property(someWindow, someAsks, (rule, asks) => {
        const { log } = play(rule, asks)
        const windowOf = (at: number) => Math.floor(at / rule.windowMs)
        for (const [i, { at, amount, allowed }] of log.entries()) {
          if (allowed) continue
          const seen = sum(log.slice(0, i).filter((entry) => windowOf(entry.at) >= windowOf(at) - 1))
          expect(seen + amount).toBeGreaterThan(rule.limit)
        }
      }),
    )
  })

  it('reaches its bound: 19 of a limit of 10 within one window, and no way to 20', () => {
    const rule: Rule = { algorithm: 'sliding-window', limit: 10, windowMs: 1_000 }
    const late = Array.from({ length: 10 }, () => ({ gap: 0, amount: 1 }))
    const trickle = Array.from({ length: 1_000 }, () => ({ gap: 1 / 2_000, amount: 1 }))
    const { log } = play(rule, [{ gap: 999 / 2_000, amount: 1 }, ...late.slice(1), ...trickle])
    const first = log[0]?.at ?? 0
    expect(first % 1_000).toBe(999)
    expect(sum(log.filter(({ at }) => at < first + 1_000))).toBe(19)
  })
})

describe('a token bucket', () => {
  it('lets an ask through exactly where no run of asks up to it takes more than the capacity and its refill', () => {
    fc.assert(
      fc.property(someBucket, someAsks, (rule, asks) => {
        const { log } = play(rule, asks)
        for (const [i, { amount, allowed }] of log.entries()) {
          const asked = log.with(i, { ...(log[i] as Entry), allowed: true })
          const excess = runsTo(asked, i).map(
            ({ total, lasted }) => total - rule.capacity - (lasted / 1_000) * rule.refillPerSecond,
          )
          const worst = Math.max(amount - rule.capacity, ...excess)
          // Where it is a matter of rounding, either is right.
          if (Math.abs(worst) > 1e-6) expect(allowed).toBe(worst < 0)
        }
      }),
    )
  })
})

describe('any count', () => {
  const someRule = fc.oneof(someWindow, someBucket)

  it('says when the same ask will pass: then it does, and two milliseconds earlier it does not', () => {
    fc.assert(
      fc.property(someRule, someAsks, fc.integer({ min: 1, max: 50 }), (rule, asks, amount) => {
        fc.pre(amount <= quotaOf(rule))
        const { count, now } = play(rule, asks)
        const again = { bucket: '', rule, amount }
        const { allowed, retryAfterMs } = takeFrom(count, again, now).standing
        expect(allowed).toBe(retryAfterMs === 0)
        expect(takeFrom(count, again, now + retryAfterMs).standing.allowed).toBe(true)
        if (retryAfterMs > 2) expect(takeFrom(count, again, now + retryAfterMs - 2).standing.allowed).toBe(false)
      }),
    )
  })

  it('keeps that word where the share of a token is a fraction that no number holds', () => {
    const one = { bucket: '', rule: { algorithm: 'token-bucket', capacity: 3, refillPerSecond: 0.2 } } as const
    const taken = [0, 111, 113].reduce<Count | undefined>(
      (count, ms) => takeFrom(count, one, START + ms).count,
      undefined,
    )
    expect(takeFrom(taken, one, START + 813).standing.retryAfterMs).toBe(4_187)
    expect(takeFrom(taken, one, START + 5_000).standing).toMatchObject({ allowed: true, remaining: 0 })
  })

  it('says how many are left: so many pass at once, and one more does not', () => {
    fc.assert(
      fc.property(someRule, someAsks, (rule, asks) => {
        const { count, now } = play(rule, asks)
        const passes = (amount: number) => takeFrom(count, { bucket: '', rule, amount }, now).standing.allowed
        const { remaining } = takeFrom(count, { bucket: '', rule, amount: 0 }, now).standing
        expect(remaining).toBeGreaterThanOrEqual(0)
        expect([passes(remaining), passes(remaining + 1)]).toEqual([true, false])
      }),
    )
  })

  it('means nothing any more after its memory', () => {
    fc.assert(
      fc.property(someRule, someAsks, (rule, asks) => {
        const { count, now } = play(rule, asks)
        const later = now + memoryMs(rule)
        const one = { bucket: '', rule }
        expect(takeFrom(count, one, later)).toEqual(takeFrom(undefined, one, later))
      }),
    )
  })

  it('never gives back more than it holds, and all of it when told so', () => {
    fc.assert(
      fc.property(someRule, someAsks, fc.integer({ min: 0, max: 100 }), (rule, asks, amount) => {
        const { count, now } = play(rule, asks)
        const left = (held: Count | undefined) =>
          takeFrom(held, { bucket: '', rule, amount: 0 }, now).standing.remaining
        const given = left(giveBackTo(count, rule, amount, now)) - left(count)
        expect(given).toBeGreaterThanOrEqual(0)
        expect(given).toBeLessThanOrEqual(amount)
        expect(left(giveBackTo(count, rule, 'all', now))).toBe(quotaOf(rule))
        expect(left(giveBackTo(undefined, rule, amount, now))).toBe(quotaOf(rule))
      }),
    )
  })
})
