import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agree, chanceOfDisagreement, confidenceOf, median, ratioOf, spreadOf } from '../bench/statistics.ts'

const rate = fc.double({ min: 0.1, max: 1e6, noNaN: true })
const rates = fc.array(rate, { minLength: 1, maxLength: 15 })
const pairs = fc.array(fc.tuple(rate, rate), { minLength: 1, maxLength: 15 })
const ratio = pairs.map((both) => ratioOf(...columnsOf(both)))

function columnsOf(both: readonly (readonly [number, number])[]): [number[], number[]] {
  return [both.map(([a]) => a), both.map(([, b]) => b)]
}

/** Numbers below 1 that are the same each time (mulberry32). */
function chancesOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('the median', () => {
  it('is the middle one, or the mean of the two in the middle, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(median([7])).toBe(7)
    expect(median([])).toBeNaN()
  })

  it('has as many values above it as below it', () => {
    fc.assert(
      fc.property(rates, (values) => {
        const middle = median(values)
        const [above, below] = [values.filter((one) => one > middle), values.filter((one) => one < middle)]
        expect(Math.max(above.length, below.length)).toBeLessThanOrEqual(Math.floor(values.length / 2))
      }),
    )
  })
})

describe('a ratio', () => {
  it('is taken round by round, so that a machine that slows down in the middle does not move it', () => {
    expect(ratioOf([100, 50, 10], [50, 25, 5])).toEqual({ median: 2, low: 2, high: 2 })
    // The quotient of the medians would be 4 here.
    expect(ratioOf([40, 40, 10], [10, 20, 5])).toEqual({ median: 2, low: 2, high: 4 })
  })

  it('has its median within its range, and does not depend on the unit', () => {
    fc.assert(
      fc.property(pairs, (both) => {
        const [of, to] = columnsOf(both)
        const { median: middle, low, high } = ratioOf(of, to)
        expect(low).toBeLessThanOrEqual(middle)
        expect(middle).toBeLessThanOrEqual(high)
        const scaled = ratioOf(
          of.map((one) => one * 8),
          to.map((one) => one * 8),
        )
        expect(scaled).toEqual({ median: middle, low, high })
      }),
    )
  })

  it('says nothing where the other one has no such round', () => {
    expect(ratioOf([1, 2], [1]).low).toBeNaN()
  })
})

it('calls half the distance between the extremes, as a share of the median, the spread', () => {
  expect(spreadOf([90, 100, 110])).toBeCloseTo(0.1)
  expect(spreadOf([5, 5])).toBe(0)
})

describe('two runs', () => {
  it('agree where their ranges meet, at an edge too', () => {
    expect(agree({ median: 2, low: 1, high: 3 }, { median: 3.5, low: 3, high: 4 })).toBe(true)
    expect(agree({ median: 2, low: 1, high: 3 }, { median: 3.5, low: 3.1, high: 4 })).toBe(false)
    expect(agree({ median: 2, low: 0, high: 9 }, { median: 2, low: 1.9, high: 2.1 })).toBe(true)
  })

  it('agree with themselves, and with each other in either order', () => {
    fc.assert(
      fc.property(ratio, ratio, (a, b) => {
        expect(agree(a, a)).toBe(true)
        expect(agree(a, b)).toBe(agree(b, a))
        if (a.low <= b.median && b.median <= a.high) expect(agree(a, b)).toBe(true)
      }),
    )
  })
})

describe('what is promised of a range', () => {
  const RUNS = 20_000
  /** Lopsided, as figures of time are: no test may lean on a normal distribution. */
  const skewed = (chance: () => number) => -Math.log(1 - chance())

  it.each([3, 5, 7])('is kept: of %i rounds it encloses the true median as often as is said', (rounds) => {
    const chance = chancesOf(rounds)
    let enclosed = 0
    for (let run = 0; run < RUNS; run += 1) {
      const values = Array.from({ length: rounds }, () => skewed(chance))
      if (Math.min(...values) <= Math.LN2 && Math.LN2 <= Math.max(...values)) enclosed += 1
    }
    expect(enclosed / RUNS).toBeCloseTo(confidenceOf(rounds), 2)
  })

  it.each([3, 5])('is kept: of %i rounds equal runs miss each other as seldom as is said', (rounds) => {
    const chance = chancesOf(rounds)
    const range = () => {
      const values = Array.from({ length: rounds }, () => skewed(chance))
      return { median: median(values), low: Math.min(...values), high: Math.max(...values) }
    }
    let missed = 0
    for (let run = 0; run < RUNS; run += 1) if (!agree(range(), range())) missed += 1
    expect(missed / RUNS).toBeCloseTo(chanceOfDisagreement(rounds), 2)
    expect(chanceOfDisagreement(5)).toBeCloseTo(1 / 126)
  })
})
