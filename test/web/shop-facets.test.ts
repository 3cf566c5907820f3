import { describe, expect, it } from 'vitest'
import type { ProductFacets } from '../../src/client/index.ts'
import { facetGroups, NO_FACETS, rememberFacets } from '../../src/web/shop/facet-options.ts'
import { filtersOf } from '../../src/web/shop/shop-filters.ts'

const ALL: ProductFacets = {
  categories: [{ value: 'shirts', name: 'Shirts', id: 'c', count: 3 }],
  brands: [
    { value: 'Weft', count: 2 },
    { value: 'Loom', count: 1 },
  ],
  ...{ tags: [], prices: [{ from: 1_000, to: 2_500, count: 3 }], inStock: 2, outOfStock: 1 },
  ...{ counted: 3, countedAll: true, currency: 'EUR' },
}
const OF_WEFT: ProductFacets = { ...ALL, brands: [{ value: 'Weft', count: 2 }], inStock: 0, counted: 2 }
const priceWords = () => 'a range'

function groupsOf(query: Record<string, string>, facets = ALL, known = NO_FACETS, isCounted = true) {
  const filters = filtersOf(query)
  const groups = facetGroups({
    filters,
    facets,
    known: rememberFacets(known, facets, filters),
    tree: [],
    isCounted,
    priceWords,
  })
  return new Map(groups.map(({ id, options }) => [id, options]))
}
const short = (options: ReturnType<typeof groupsOf> extends Map<string, infer O> ? O | undefined : never) =>
  options?.map(({ label, count, isChosen }) => [label, count, isChosen])

describe('what the shop can be narrowed to', () => {
  it('is counted, and a group without values is none', () => {
    const groups = groupsOf({})
    expect(short(groups.get('brand'))).toEqual([
      ['Weft', 2, false],
      ['Loom', 1, false],
    ])
    expect([...groups.keys()]).toEqual(['category', 'stock', 'price', 'brand'])
  })

  it('stays in sight beside a choice of its group, without a count of what that choice leaves out', () => {
    const known = rememberFacets(NO_FACETS, ALL, filtersOf({}))
    const groups = groupsOf({ brand: 'Weft' }, OF_WEFT, known)
    expect(short(groups.get('brand'))).toEqual([
      ['Weft', 2, true],
      ['Loom', null, false],
    ])
    expect(short(groups.get('stock'))).toEqual([['In stock', 0, false]])
  })

  it('shows a choice that came by an address and is not known, so that it can be taken back', () => {
    const groups = groupsOf({ brand: 'Hedda', price: '7-9' }, { ...ALL, brands: [], prices: [] })
    expect(short(groups.get('brand'))).toEqual([['Hedda', 0, true]])
    expect(groups.get('price')?.map(({ href }) => href)).toEqual(['/app/shop?brand=Hedda'])
  })

  it('has no figures where the counts are of something else than the list', () => {
    expect(short(groupsOf({}, ALL, NO_FACETS, false).get('category'))).toEqual([['Shirts', null, false]])
  })
})
