import { describe, expect, it } from 'vitest'
import { pagesAround } from '../../src/web/components/pages-around.ts'
import { formatMoney, moneyText, rangeWords, readMoney } from '../../src/web/shop/money.ts'
import { numbered } from '../../src/web/shop/products.ts'

describe('prices', () => {
  it('are written as their currency is, from minor units', () => {
    expect(formatMoney(2490, 'EUR', 'en-IE')).toBe('€24.90')
    expect(formatMoney(2490, 'JPY', 'en-IE')).toBe('JP¥2,490')
  })

  it('have ranges in their own currency, and no figures where nobody has told which it is', () => {
    const words = (currency: string | null) =>
      [
        { from: 0, to: 1_000 },
        { from: 1_000, to: 2_500 },
        { from: 2_500, to: null },
      ].map((one) => rangeWords(one, currency))
    expect(words('JPY').map((line) => line.replaceAll(/[^\d,]+/g, ' ').trim())).toEqual([
      '1,000',
      '1,000 2,500',
      '2,500',
    ])
    expect(new Set(words(null))).toEqual(new Set(['A range of prices']))
  })

  it('are read as they are typed, and nothing else is', () => {
    expect(['24.90', '24,9', '24', '0'].map((text) => readMoney(text, 'EUR'))).toEqual([2490, 2490, 2400, 0])
    expect(['', '24.905', '-1', '1e3', '24 €'].map((text) => readMoney(text, 'EUR'))).toEqual([...Array(5).fill(null)])
    expect([readMoney('2490', 'JPY'), readMoney('24.9', 'JPY')]).toEqual([2490, null])
    expect(readMoney(moneyText(2405, 'EUR'), 'EUR')).toBe(2405)
  })
})

describe('a list of pages', () => {
  it('shows the ends and what is around, and no gap that one page would fill', () => {
    expect(pagesAround(1, 1)).toEqual([1])
    expect(pagesAround(6, 12)).toEqual([1, null, 5, 6, 7, null, 12])
    expect(pagesAround(4, 6)).toEqual([1, 2, 3, 4, 5, 6])
  })
})

it('pages of products lead on by number as far as numbers are answered', async () => {
  const meta = { limit: 24, total: 1_000, totalIsExact: false, totalPages: 42, hasNextPage: true, hasPrevPage: true }
  const at = async (page: number) =>
    (await numbered(Promise.resolve({ data: [], meta: { ...meta, page } }))).hasNextPage
  expect([await at(415), await at(416)]).toEqual([true, false])
})
