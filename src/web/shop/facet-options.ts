import type { ProductFacets } from '../../client/index.ts'
import { type CategoryTree, treeRows } from './category-tree.ts'
import { type PriceRange, type ShopFilters, shopHref } from './shop-filters.ts'

/** One value that the list can be narrowed to, or freed from. */
export interface FacetOption {
  key: string
  label: string
  /** Null where it was not counted together with what is chosen. */
  count: number | null
  isChosen: boolean
  /** Null where it only shows where others stand. */
  href: string | null
  /** How far it stands under others. */
  depth?: number
}

export interface FacetGroup {
  id: 'category' | 'price' | 'brand' | 'tags' | 'stock'
  title: string
  options: FacetOption[]
}

/** What the counts were of, when the group was last counted without a choice of its own. */
export type KnownFacets = Pick<ProductFacets, 'categories' | 'brands' | 'tags' | 'prices'>

export const NO_FACETS: KnownFacets = { categories: [], brands: [], tags: [], prices: [] }

/**
 * The counts are of what all filters find, so within a group that is narrowed only its choice is counted. Its other
 * values stay as they were known before, without a count, so that one may change over.
 */
export function rememberFacets(known: KnownFacets, facets: ProductFacets, filters: ShopFilters): KnownFacets {
  return {
    categories: filters.category === null ? facets.categories : known.categories,
    brands: filters.brand === null ? facets.brands : known.brands,
    tags: filters.tags.length === 0 ? facets.tags : known.tags,
    prices: filters.price === null ? facets.prices : known.prices,
  }
}

interface Parts {
  filters: ShopFilters
  facets: ProductFacets
  known: KnownFacets
  /** Empty while it has not come. */
  tree: CategoryTree
  /** Whether the counts are of just what is listed. */
  isCounted: boolean
  priceWords: (range: PriceRange) => string
}

export function facetGroups({ filters, facets, known, tree, isCounted, priceWords }: Parts): FacetGroup[] {
  const counted = (count: number | undefined) => (isCounted ? (count ?? null) : null)
  const named = known.categories.length > 0 ? known.categories : facets.categories
  const categories = withChosen(
    named.map(({ value, name }) => ({ value, label: name })),
    filters.category === null ? [] : [filters.category],
  )
  const brands = withChosen(toOptions(known.brands), filters.brand === null ? [] : [filters.brand])
  const tags = withChosen(toOptions(known.tags), filters.tags)
  const chosenPrice = filters.price && priceKey(filters.price)
  const ranges = known.prices.some((range) => priceKey(range) === chosenPrice) ? known.prices : facets.prices
  const offered = filters.price && !ranges.some((range) => priceKey(range) === chosenPrice) ? [filters.price] : []
  const prices = [...ranges, ...offered].map((range) => ({
    ...{ value: priceKey(range), label: priceWords(range), range },
  }))
  const groups: FacetGroup[] = [
    {
      id: 'category',
      title: 'Category',
      options: treeRows(tree, categories).map(({ value, label, depth, isEmpty }) => {
        const isChosen = value === filters.category
        return {
          ...{ key: value, label, depth, isChosen },
          count: isEmpty ? null : counted(countIn(facets.categories, value, filters.category !== null && !isChosen)),
          href: isEmpty ? null : shopHref(filters, { category: isChosen ? null : value }),
        }
      }),
    },
    {
      id: 'stock',
      title: 'Availability',
      options: [
        {
          ...{ key: 'in', label: 'In stock', isChosen: filters.inStock },
          count: counted(facets.inStock),
          href: shopHref(filters, { inStock: !filters.inStock }),
        },
      ],
    },
    {
      id: 'price',
      title: 'Price',
      options: prices.map(({ value, label, range }) => {
        const isChosen = value === chosenPrice
        const found = facets.prices.find((one) => priceKey(one) === value)
        return {
          ...{ key: value, label, isChosen },
          count: counted(chosenPrice !== null && !isChosen ? undefined : (found?.count ?? 0)),
          href: shopHref(filters, { price: isChosen ? null : { from: range.from, to: range.to } }),
        }
      }),
    },
    {
      id: 'brand',
      title: 'Brand',
      options: brands.map(({ value, label }) => {
        const isChosen = value === filters.brand
        return {
          ...{ key: value, label, isChosen },
          count: counted(countIn(facets.brands, value, filters.brand !== null && !isChosen)),
          href: shopHref(filters, { brand: isChosen ? null : value }),
        }
      }),
    },
    {
      id: 'tags',
      title: 'Tags',
      options: tags.map(({ value, label }) => {
        const isChosen = filters.tags.includes(value)
        const others = filters.tags.filter((tag) => tag !== value)
        return {
          ...{ key: value, label, isChosen },
          count: counted(countIn(facets.tags, value, filters.tags.length > 0 && !isChosen)),
          href: shopHref(filters, { tags: isChosen ? others : [...others, value] }),
        }
      }),
    },
  ]
  return groups.filter(({ options }) => options.length > 0)
}

interface Named {
  value: string
  label: string
}

/** What came by an address may be none of those that are known. */
function withChosen(options: readonly Named[], chosen: readonly string[]): Named[] {
  const missing = chosen.filter((value) => !options.some((option) => option.value === value))
  return [...missing.map((value) => ({ value, label: value })), ...options]
}

const toOptions = (counts: readonly { value: string }[]): Named[] =>
  counts.map(({ value }) => ({ value, label: value }))

const priceKey = ({ from, to }: PriceRange): string => `${from}-${to ?? ''}`

function countIn(counts: readonly { value: string; count: number }[], value: string, isUnknown: boolean) {
  return isUnknown ? undefined : (counts.find((one) => one.value === value)?.count ?? 0)
}
