import { describe, expect, it } from 'vitest'
import {
  chipsOf,
  conditionsOf,
  filtersOf,
  listQueryOf,
  NO_FILTERS,
  shopHref,
  withoutChoices,
} from '../../src/web/shop/shop-filters.ts'

const words = { categoryName: () => 'Shirts', priceWords: () => '€10 to €25' }
const queryOf = (href: string) => Object.fromEntries(new URL(href, 'http://page.test').searchParams)
const CHOSEN = filtersOf({
  ...{ q: 'linen', category: 'shirts', brand: 'Weft & Co', tags: 'summer,new', price: '1000-2500' },
  ...{ stock: 'in', sort: 'price-up', page: '3' },
})

describe('the filters of the shop', () => {
  it('stand in the address whole, so that a link shows the same list', () => {
    expect(filtersOf(queryOf(shopHref(CHOSEN, { page: CHOSEN.page })))).toEqual(CHOSEN)
    expect(shopHref(NO_FILTERS)).toBe('/app/shop')
  })

  it('lead to the first page again with any change', () => {
    expect(queryOf(shopHref(CHOSEN, { brand: null }))).not.toHaveProperty('page')
  })

  it('pass over what makes no sense in an address', () => {
    expect(filtersOf({ price: '90-10', page: '-1', sort: 'weight', stock: 'maybe' })).toEqual(NO_FILTERS)
    expect(filtersOf({ sort: 'best' }).sort).toBe('newest')
  })

  it('are taken away one by one, each by its own chip, and all together', () => {
    const chips = chipsOf(CHOSEN, words)
    expect(chips.map(({ label }) => label)).toEqual([
      ...['Shirts', 'Weft & Co', '€10 to €25', 'In stock', 'summer', 'new'],
    ])
    expect(filtersOf(queryOf(chips.at(-1)?.href ?? '')).tags).toEqual(['summer'])
    expect(withoutChoices(CHOSEN)).toEqual({ ...NO_FILTERS, q: 'linen', sort: 'price-up' })
  })

  it('ask the API for prices up to the end of a range, which is not part of it', () => {
    expect(conditionsOf(CHOSEN)).toMatchObject({
      minPrice: 1000,
      'price[lt]': 2500,
      inStock: 'true',
      tags: 'summer,new',
    })
  })

  it('ask the search for the best match, and the list for every other order', () => {
    expect(listQueryOf(filtersOf({ q: 'linen' }))).toBeNull()
    expect(listQueryOf(CHOSEN)).toMatchObject({ search: 'linen', sort: 'price', page: 3 })
  })
})
