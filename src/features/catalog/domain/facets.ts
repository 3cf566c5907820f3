import type { ProductFacets } from '../schemas.ts'

/** What of a product is counted. */
export interface Counted {
  categoryId: string | null
  brand: string | null
  /** Minor units. */
  price: number
  stock: number
  tags: readonly string[]
}

export interface NamedCategory {
  id: string
  slug: string
  name: string
}

/** As many values of a kind as are told. */
const MOST_VALUES = 50
/** Where a range of prices ends and the next one begins, in minor units. */
const PRICE_STEPS = [0, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000]

/** How many products have which value, the most frequent ones first. */
export function tallyFacets(
  rows: readonly Counted[],
  names: readonly NamedCategory[],
): Omit<ProductFacets, 'countedAll' | 'currency'> {
  const named = new Map(names.map((one) => [one.id, one]))
  const prices = PRICE_STEPS.map((from, i) => ({ from, to: PRICE_STEPS[i + 1] ?? null }))
  const inStock = rows.filter(({ stock }) => stock > 0).length
  return {
    categories: frequent(rows.flatMap(({ categoryId }) => categoryId ?? [])).flatMap(({ value, count }) => {
      const category = named.get(value)
      return category ? [{ id: value, value: category.slug, name: category.name, count }] : []
    }),
    brands: frequent(rows.flatMap(({ brand }) => brand ?? [])),
    tags: frequent(rows.flatMap(({ tags }) => tags)),
    prices: prices
      .map(({ from, to }) => ({
        ...{ from, to },
        count: rows.filter(({ price }) => price >= from && (to === null || price < to)).length,
      }))
      .filter(({ count }) => count > 0),
    inStock,
    outOfStock: rows.length - inStock,
    counted: rows.length,
  }
}

function frequent(values: readonly string[]): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MOST_VALUES)
}
