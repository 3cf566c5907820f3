import { describe, expect, it } from 'vitest'
import type { Operation } from '../../src/client/index.ts'
import { goWords, isOver, operationWords, processOf, readPercent } from '../../src/web/admin/catalog/process.ts'

describe('a change of a whole category or brand', () => {
  it('goes by whole percents, and by nothing that the server would refuse or that changes nothing', () => {
    expect(['10', '+10 %', '-10', '−25%', '1000', '-100'].map(readPercent)).toEqual([10, 10, -10, -25, 1_000, -100])
    expect(['', '0', '1.5', '1001', '-101', 'ten'].map(readPercent)).toEqual([...Array(6).fill(null)])
  })

  it('is sent as it was chosen, and says at its fields what is missing', () => {
    const form = { action: 'change-price', which: 'brand:Weft: & Co', percent: '-10' } as const
    expect(processOf(form).body).toEqual({
      ...{ action: 'change-price', percent: -10, products: { brand: 'Weft: & Co' } },
    })
    expect(processOf({ ...form, action: 'archive', which: 'category:c1', percent: 'x' })).toEqual({
      ...{ body: { action: 'archive', products: { categoryId: 'c1' } }, problems: {} },
    })
    const { body, problems } = processOf({ ...form, which: '', percent: '' })
    expect([body, Object.keys(problems)]).toEqual([null, ['which', 'percent']])
  })

  it('says to how many it is done before it begins', () => {
    expect(goWords('archive', 1, true)).toBe('Archive 1 product')
    expect(goWords('publish', 12, true)).toBe('Publish 12 drafts')
    expect(goWords('change-price', 900, false)).toBe('Reprice 900 or more products')
  })

  it('tells how far it is, and what was done of it however it has ended', () => {
    const times = { createdAt: '2026-02-03T09:00:00.000Z', startedAt: null, finishedAt: null }
    const begun: Operation = {
      ...{ id: 'catalog.1', kind: 'products.process', state: 'running', ...times },
      ...{ progress: { done: 100, total: 812 }, result: null, error: null },
    }
    const cancelled: Operation = { ...begun, state: 'cancelled', result: { changed: 96 } }
    expect([isOver(begun), operationWords(begun)]).toEqual([false, '100 of 812 looked at'])
    expect([isOver(cancelled), operationWords(cancelled)]).toEqual([
      ...[true, 'Cancelled: 96 changed, 100 of 812 looked at. The rest is as it was.'],
    ])
  })
})
