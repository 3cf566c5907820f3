import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Range, rangesOf } from '../../../src/platform/lists/bounds.ts'
import { decidingKeys, planList } from '../../../src/platform/lists/list-plan.ts'
import { type Condition, canonicalQuery, OPERATORS } from '../../../src/platform/lists/list-query.ts'
import { phrase, wordsOf } from '../../../src/platform/lists/match-text.ts'
import { LARGEST, rangeTerms } from '../../../src/platform/lists/range-terms.ts'

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
}

describe('ranges of whole numbers', () => {
  it('hold exactly the numbers that keep every condition (R6.10)', () => {
    const condition = fc.record({
      field: fc.constant('price'),
      op: fc.constantFrom(...OPERATORS),
      value: fc.integer({ min: 0, max: 12 }),
    })
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 5 }), (conditions) => {
        const ranges = rangesOf(conditions, { min: 0, max: 12 })
        for (let n = 0; n <= 12; n += 1) {
          const isKept = conditions.every(({ op, value }) => COMPARE[op]?.(n, value))
          expect(ranges.some(({ min, max }) => min <= n && n <= max)).toBe(isKept)
        }
      }),
    )
  })

  it('are found by few words, which are words of their numbers and of no others', () => {
    const number = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: LARGEST }))
    fc.assert(
      fc.property(number, number, number, (a, b, n) => {
        const range: Range = { min: Math.min(a, b), max: Math.max(a, b) }
        const terms = rangeTerms(range)
        expect(terms.length).toBeLessThanOrEqual(88)
        const found = terms.filter((term) => wordsOfNumber(n).includes(term))
        expect(found.length).toBe(n >= range.min && n <= range.max ? 1 : 0)
      }),
      { numRuns: 500 },
    )
    expect(rangeTerms({ min: LARGEST + 5, max: Number.MAX_SAFE_INTEGER })).toEqual([wordsOfNumber(LARGEST)[0]])
  })
})

/** As the migration `find_products` writes them. */
function wordsOfNumber(n: number): string[] {
  return Array.from({ length: 15 }, (_, k) => `p${k.toString(16)}z${Math.floor(n / 4 ** k).toString(16)}`)
}

describe('a plan', () => {
  const list = {
    time: { field: 'createdAt' },
    trees: [
      { name: 'by_state', equal: ['state'], sort: 'createdAt' },
      { name: 'by_price', equal: ['state'], sort: 'price' },
      { name: 'by_stock', equal: ['state'], sort: 'stock' },
    ],
    words: [{ table: 'facets', fits: () => true, covers: ['state', 'brand', 'price'], match: () => 'words' }],
  }
  const state: Condition = { field: 'state', op: 'eq', value: 'published' }
  const price: Condition = { field: 'price', op: 'gte', value: 1 }
  const stock: Condition = { field: 'stock', op: 'gt', value: 1 }
  const brand: Condition = { field: 'brand', op: 'eq', value: 'x' }
  const time: Condition = { field: 'createdAt', op: 'gte', value: 1 }
  const plan = (conditions: Condition[], ...sort: string[]) =>
    planList(list, { conditions, sort: sort.map((field) => ({ field, direction: 'desc' })) })

  it.each([
    ['the table, where nothing is asked', [], ['createdAt'], 'walk', { index: undefined }],
    ['the table between two times', [time], ['createdAt'], 'walk', { index: undefined }],
    ['an index, by time', [state, time], ['createdAt'], 'walk', { index: 'by_state' }],
    ['an index, and a range of what it is sorted by', [state, price], ['price'], 'walk', { index: 'by_price' }],
    ['the words, where more is asked than an index knows', [state, brand], ['createdAt'], 'walk', WORDS()],
    ['the words, where a number is left out', [state, { ...price, op: 'ne' }], ['price'], 'candidates', WORDS()],
    ['candidates, in an order of no index', [state, brand], ['price'], 'candidates', WORDS()],
    ['candidates, for a time in another order', [state, time], ['price'], 'candidates', WORDS()],
    ['candidates, in an order of two keys', [state], ['price', 'stock'], 'candidates', WORDS()],
    [
      'candidates of an index that no words replace',
      [state, stock],
      ['createdAt'],
      'candidates',
      { index: 'by_stock' },
    ],
  ] as const)('takes %s', (_, conditions, sort, kind, source) => {
    expect(plan([...conditions] as Condition[], ...sort)).toMatchObject({ kind, source })
  })

  it('leaves out keys that decide nothing (R6.15)', () => {
    const keys = (text: string) =>
      decidingKeys(
        'createdAt',
        text.split(' ').map((key) => ({ field: key.slice(1), direction: key.startsWith('-') ? 'desc' : 'asc' })),
      ).map(({ field }) => field)
    expect(keys('-price -createdAt -name')).toEqual(['price'])
    expect(keys('-price +createdAt -name')).toEqual(['price', 'createdAt'])
    expect(keys('-createdAt -name')).toEqual(['createdAt'])
  })

  it('is told apart by what is asked, in whatever order that was said (R6.19)', () => {
    const sort = [{ field: 'price', direction: 'asc' } as const]
    const one = canonicalQuery('a', { conditions: [state, price, price], sort })
    expect(canonicalQuery('a', { conditions: [price, state], sort })).toBe(one)
    expect(canonicalQuery('b', { conditions: [price, state], sort })).not.toBe(one)
    expect(canonicalQuery('a', { conditions: [state], sort })).not.toBe(one)
    expect(canonicalQuery('a', { conditions: [price, state], sort, search: 'x' })).not.toBe(one)
  })
})

function WORDS() {
  return { table: 'facets', match: 'words' }
}

it('a phrase means its text, and words are the ones in which there is a letter or a digit (R6.12)', () => {
  expect(phrase('a" OR "b')).toBe('"a"" OR ""b"')
  expect(wordsOf('red - SHOES NOT x')).toBe('"red" AND "SHOES" AND "NOT" AND "x" *')
  expect(wordsOf(' -- % " ')).toBeUndefined()
})
