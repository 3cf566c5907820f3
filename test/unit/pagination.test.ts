import { describe, expect, it } from 'vitest'
import { pagedMeta, pagedQuery } from '../../src/http/conventions/pagination.ts'
import { COUNT_UP_TO, offsetOf, totalOf } from '../../src/platform/paging.ts'

const query = pagedQuery(50)
/** The fields that are refused, with what is said of them. */
const refused = (given: { page?: string; limit?: string; cursor?: string }) =>
  (query.safeParse(given).error?.issues ?? []).map(({ path, message }) => [path.join('.'), message])

describe('a list that has pages and a cursor', () => {
  it('is asked for by page, with the limit of the list unless another is named (R0.2)', () => {
    expect(query.parse({})).toEqual({ limit: 50 })
    expect(query.parse({ page: '3', limit: '7' })).toEqual({ page: 3, limit: 7 })
    expect(query.parse({ cursor: 'x' })).toEqual({ cursor: 'x', limit: 50 })
    expect(
      [{ page: '0' }, { page: '1.5' }, { limit: '0' }, { limit: '101' }].map((one) => refused(one)[0]?.[0]),
    ).toEqual(['page', 'page', 'limit', 'limit'])
  })

  it('is never asked for by page and cursor together', () => {
    expect(refused({ page: '1', cursor: 'x' })).toEqual([['cursor', 'Use page or cursor, not both']])
  })

  it('ends its pages at 10,000 items, and names the cursor from there', () => {
    expect(refused({ page: '100', limit: '100' })).toEqual([])
    expect(refused({ page: '200' })).toEqual([])
    for (const far of [{ page: '101', limit: '100' }, { page: '201' }, { page: '10001', limit: '1' }]) {
      expect(refused(far)).toEqual([['page', expect.stringContaining('go on with `cursor`')]])
    }
  })

  it('keeps its rules where fields are added', () => {
    const more = pagedQuery().safeExtend({ q: pagedQuery().shape.cursor })
    expect(more.safeParse({ page: '2', cursor: 'x' }).success).toBe(false)
    expect(more.safeParse({ page: '2', q: 'x' }).success).toBe(true)
  })

  it('passes over what stands on earlier pages, and over nothing by cursor', () => {
    expect([{}, { page: 1 }, { page: 4 }, { cursor: 'x' }].map((one) => offsetOf({ ...one, limit: 20 }))).toEqual([
      0, 0, 60, 0,
    ])
  })

  it('tells number, total and both neighbours, and the cursor of the next page (R0.2)', () => {
    const found = { items: [], nextCursor: 'next', total: totalOf(45) }
    expect(pagedMeta(found, { page: 2, limit: 20 })).toEqual({
      ...{ page: 2, limit: 20, total: 45, totalIsExact: true, totalPages: 3 },
      ...{ hasNextPage: true, hasPrevPage: true, nextCursor: 'next' },
    })
    expect(pagedMeta({ ...found, nextCursor: null }, { limit: 20 })).toMatchObject({
      ...{ page: 1, hasNextPage: false, hasPrevPage: false, nextCursor: null },
    })
    expect(pagedMeta({ ...found, total: totalOf(0) }, { limit: 20 })).toMatchObject({ total: 0, totalPages: 0 })
  })

  it('is counted to a thousand, and says where that is not all', () => {
    expect([999, 1_000, COUNT_UP_TO].map(totalOf)).toEqual([
      { total: 999, isExact: true },
      { total: 1_000, isExact: true },
      { total: 1_000, isExact: false },
    ])
  })

  it('tells neither number nor total by cursor', () => {
    expect(pagedMeta({ items: [], nextCursor: null, total: null }, { cursor: 'x', limit: 20 })).toEqual({
      ...{ limit: 20, nextCursor: null, hasNextPage: false },
    })
  })
})
