import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { pickFields } from '../../../src/http/conventions/fields.ts'
import {
  dayOrTime,
  flag,
  operatorConditions,
  operatorParameters,
  plainConditions,
  textList,
} from '../../../src/http/conventions/filtering.ts'
import { forwardLinks, linkHeader, numberLinks } from '../../../src/http/conventions/links.ts'
import { modalQuery } from '../../../src/http/conventions/pagination.ts'
import { sortOf, sortParameters } from '../../../src/http/conventions/sorting.ts'

const TABLE = { price: ['eq', 'gte', 'lt'], stock: ['gt'] } as const
const query = modalQuery({ ...operatorParameters(TABLE), ...sortParameters(['createdAt', 'price', 'name']) })
/** The fields that are refused, with what is said of them. */
const refused = (given: Record<string, string | string[] | undefined>, schema: z.ZodType = query) =>
  (schema.safeParse(given).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')],
  )

describe('the parameters of a list', () => {
  it('take the operators of a field that its table names, as numbers, and no others (R6.10, R6.11)', () => {
    const parsed = query.parse({ 'price[gte]': '0', 'price[lt]': '25', 'stock[gt]': '3' })
    expect(operatorConditions(TABLE, parsed)).toEqual([
      { field: 'price', op: 'gte', value: 0 },
      { field: 'price', op: 'lt', value: 25 },
      { field: 'stock', op: 'gt', value: 3 },
    ])
    const wrong = [
      'price[like]',
      'price[]',
      'price',
      'cost[eq]',
      'price[gte][lt]',
      'stock[lt]',
      'constructor',
      'toString',
    ]
    for (const name of wrong) expect(refused({ [name]: '1' }), name).toEqual([name])
    for (const text of ['', '1.5', '-1', '1e3', 'x', '9'.repeat(16), '0x1']) {
      expect(refused({ 'price[eq]': text }), text).toEqual(['price[eq]'])
    }
    expect(refused({ 'price[eq]': ['1', '2'] })).toEqual(['price[eq]'])
  })

  it('sort by several keys, where an unencoded plus is one, or by sortBy and order in any case (R6.15, R2.18)', () => {
    const usual = { field: 'createdAt', direction: 'desc' } as const
    const sorted = (given: Record<string, string>) =>
      sortOf(query.parse(given), usual).map(({ field, direction }) => `${field} ${direction}`)
    expect(sorted({})).toEqual(['createdAt desc'])
    expect(sorted({ sort: '-price, name,+createdAt' })).toEqual(['price desc', 'name asc', 'createdAt asc'])
    expect(sorted({ sort: ' price' })).toEqual(['price asc'])
    expect(sorted({ sortBy: 'name', order: 'aSc' })).toEqual(['name asc'])
    expect(sorted({ sort: '-price', sortBy: 'name', order: 'ASC' })).toEqual(['price desc'])
    const wrong = ['id', 'price,', 'price,-price', 'price;drop', '--price', 'price desc', 'a'.repeat(300), '__proto__']
    for (const sort of wrong) expect(refused({ sort }), sort).toContain('sort')
    expect(refused({ sortBy: 'password' })).toEqual(['sortBy'])
    expect(query.safeParse({ sortBy: 'x' }).error?.issues[0]?.message).toContain('createdAt, price, name')
    expect(refused({ order: 'up' })).toEqual(['order'])
  })

  it('are of one way of paging, within its bounds (R5.6, R5.7)', () => {
    const id = '01900000-0000-7000-8000-000000000000'
    const after = '2026-01-01T00:00:00.000Z'
    for (const good of [{}, { page: '2' }, { cursor: 'x' }, { after }, { after, afterId: id }]) {
      expect(refused(good)).toEqual([])
    }
    expect(refused({ page: '1', cursor: 'x' })).toEqual(['cursor'])
    expect(refused({ page: '1', after })).toEqual(['after'])
    expect(refused({ cursor: 'x', after, afterId: id })).toEqual(['after'])
    expect(refused({ afterId: id })).toEqual(['afterId'])
    expect(refused({ page: '101', limit: '100' })).toEqual(['page'])
    expect(refused({ after: '1 January' })).toEqual(['after'])
  })

  it('have flags that are true or false, lists in both spellings, and days that last until their end (R6.3, R6.14)', () => {
    expect(['true', 'false', '1', '0'].map((text) => flag.parse(text))).toEqual([true, false, true, false])
    for (const text of ['yes', 'TRUE', '', '2']) expect(flag.safeParse(text).success, text).toBe(false)
    const tags = textList(20)
    expect(tags.parse(' a, b,,a')).toEqual(['a', 'b'])
    expect(tags.parse(['a,c', 'b'])).toEqual(['a', 'c', 'b'])
    expect(tags.safeParse(Array.from({ length: 21 }, (_, i) => `t${i}`).join(',')).success).toBe(false)
    expect(dayOrTime('start').parse('2026-02-28')).toBe(Date.UTC(2026, 1, 28))
    expect(dayOrTime('end').parse('2026-02-28')).toBe(Date.UTC(2026, 2, 1) - 1)
    expect(dayOrTime('end').parse('2026-02-28T12:00:00Z')).toBe(Date.UTC(2026, 1, 28, 12))
    for (const text of ['2026-02-30', 'yesterday', ''])
      expect(dayOrTime('end').safeParse(text).success, text).toBe(false)
  })

  it('ask nothing where they are empty, and do ask for 0 and false (R6.17, R17.36)', () => {
    const wanted = { a: '', b: undefined, c: null, d: [], e: 0, f: false, g: 'x', h: ['y'] }
    expect(plainConditions(wanted)).toEqual([
      { field: 'e', op: 'eq', value: 0 },
      { field: 'f', op: 'eq', value: false },
      { field: 'g', op: 'eq', value: 'x' },
      { field: 'h', op: 'in', value: ['y'] },
    ])
  })

  it('name the fields that are shown, beside the id, and all where none of them is one (R6.16)', () => {
    const item = { id: '1', name: 'n', price: 2 }
    expect(pickFields(item, ['price', 'password', '__proto__', 'constructor'])).toEqual({ id: '1', price: 2 })
    expect(pickFields(item, ['password'])).toEqual(item)
    expect(pickFields(item, undefined)).toEqual(item)
  })
})

describe('the links of a list', () => {
  const asked = { path: '/v1/things', search: '?a=b%26c&page=9&tags=x&tags=y' }
  const at = (page: number, total: number, limit = 10, totalIsExact = true) =>
    numberLinks(asked, {
      ...{ page, limit, totalIsExact, totalPages: Math.ceil(total / limit), hasNextPage: page * limit < total },
      nextCursor: 'on',
    })

  it('keep what was asked, and lead from the first page to the last (R5.3, R5.8)', () => {
    expect(at(2, 35)).toEqual({
      self: '/v1/things?a=b%26c&tags=x&tags=y&page=2&limit=10',
      first: '/v1/things?a=b%26c&tags=x&tags=y&page=1&limit=10',
      prev: '/v1/things?a=b%26c&tags=x&tags=y&page=1&limit=10',
      next: '/v1/things?a=b%26c&tags=x&tags=y&page=3&limit=10',
      last: '/v1/things?a=b%26c&tags=x&tags=y&page=4&limit=10',
    })
    expect(at(1, 0)).toMatchObject({ prev: null, next: null, last: expect.stringContaining('page=1&') })
    expect(at(9, 35)).toMatchObject({ prev: expect.stringContaining('page=4&'), next: null })
    expect(at(3, 1_000, 10, false).last).toBeNull()
    expect(numberLinks({ ...asked, origin: 'https://api.test' }, { ...LIST }).self).toMatch(/^https:\/\/api\.test\/v1/)
  })

  it('lead to no page that is refused: the list goes on by its cursor there (R5.8, R5.11)', () => {
    expect(at(100, 99_999, 100).next).toBe('/v1/things?a=b%26c&tags=x&tags=y&cursor=on&limit=100')
    expect(at(100, 99_999, 100).last).toBeNull()
    expect(at(99, 99_999, 100).next).toContain('page=100&')
    expect(at(416, 99_999, 24).next).toContain('cursor=on&limit=24')
    expect(at(99, 10_000, 100).last).toContain('page=100&')
  })

  it('only lead forward where a page goes on from another one, and stand in a header as RFC 8288 has them (R5.11)', () => {
    const links = forwardLinks({ path: '/v1/things', search: '?a=b&cursor=old' }, 5, { cursor: 'new' })
    expect(links).toEqual({
      self: '/v1/things?a=b&cursor=old',
      first: '/v1/things?a=b&limit=5',
      prev: null,
      next: '/v1/things?a=b&cursor=new&limit=5',
      last: null,
    })
    expect(linkHeader(links)).toBe(
      '</v1/things?a=b&limit=5>; rel="first", </v1/things?a=b&cursor=new&limit=5>; rel="next"',
    )
  })

  it('never lead to page 0, nor beyond the last one (R5.3)', () => {
    const page = fc.integer({ min: 1, max: 500 })
    fc.assert(
      fc.property(
        page,
        fc.integer({ min: 0, max: 1_000 }),
        fc.integer({ min: 1, max: 100 }),
        (number, total, limit) => {
          const pages = Math.max(1, Math.ceil(total / limit))
          for (const link of Object.values(at(number, total, limit)).slice(1)) {
            if (link === null) continue
            const to = Number(new URL(link, 'http://x').searchParams.get('page'))
            expect(to).toBeGreaterThanOrEqual(1)
            expect(to).toBeLessThanOrEqual(pages)
          }
        },
      ),
    )
  })
})

const LIST = { page: 1, limit: 10, totalPages: 1, totalIsExact: true, hasNextPage: false, nextCursor: null }
