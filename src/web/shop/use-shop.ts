import { useMemo, useRef } from 'preact/hooks'
import type { FoundProduct, ProductFacets, ProductItem } from '../../client/index.ts'
import { client } from '../client.ts'
import { type Latest, useLatest } from '../components/use-latest.ts'
import type { CategoryTree } from './category-tree.ts'
import { type FacetGroup, facetGroups, NO_FACETS, rememberFacets } from './facet-options.ts'
import { rangeWords } from './money.ts'
import { numbered, type ProductPage } from './products.ts'
import { conditionsOf, listQueryOf, PAGE_SIZE, type PriceRange, type ShopFilters, shopHref } from './shop-filters.ts'

const NO_TREE: CategoryTree = []

export interface Shop {
  products: Latest<ProductPage<ProductItem | FoundProduct>>
  groups: FacetGroup[]
  categoryName: (slug: string) => string
  /** It is asked for, and is none. */
  isUnknownCategory: boolean
  priceWords: (range: PriceRange) => string
}

/** What these filters find, and what it can be narrowed to. */
export function useShop(filters: ShopFilters): Shop {
  const products = useLatest((signal) => listShop(filters, signal), [shopHref(filters, { page: filters.page })])
  const counted = useLatest(
    async (signal): Promise<{ filters: ShopFilters; facets: ProductFacets }> => {
      // As what is listed is found: by its words, or by the text in it.
      const by = listQueryOf(filters) === null ? 'words' : 'search'
      const query = { ...conditionsOf(filters), [by]: filters.q || null }
      return { filters, facets: await client.products.facets(query, { signal }) }
    },
    [shopHref(filters, { sort: listQueryOf(filters) === null ? 'best' : 'newest' })],
  )
  // Without it the categories stand side by side.
  const wholeTree = useLatest((signal) => client.categories.tree({ signal }), []).data
  const tree = wholeTree ?? NO_TREE
  const { category } = filters
  const isUnknownCategory = wholeTree !== null && category !== null && !tree.some(({ slug }) => slug === category)
  const known = useRef(NO_FACETS)
  const currency = counted.data?.facets.currency ?? products.data?.items[0]?.currency ?? null
  const priceWords = (range: PriceRange): string => rangeWords(range, currency)
  const names = useRef(new Map<string, string>())
  const categoryName = (slug: string) => tree.find((one) => one.slug === slug)?.name ?? names.current.get(slug) ?? slug

  const groups = useMemo(() => {
    if (!counted.data) return []
    const { facets, filters: of } = counted.data
    for (const { value, name } of facets.categories) names.current.set(value, name)
    known.current = rememberFacets(known.current, facets, of)
    const isSame = !products.isLoading && !counted.isLoading
    // Somebody may change the catalogue between the two: figures of something else are left out.
    const isCounted = !isSame || products.data === null || agrees(facets, products.data)
    return facetGroups({ filters, facets, known: known.current, tree, isCounted, priceWords })
  }, [counted.data, counted.isLoading, products.data, products.isLoading, tree, shopHref(filters)])

  return { products, groups, categoryName, isUnknownCategory, priceWords }
}

async function listShop(filters: ShopFilters, signal: AbortSignal): Promise<ProductPage<ProductItem | FoundProduct>> {
  const query = listQueryOf(filters)
  if (query) return numbered(client.products.list(query, { signal }))
  const { q, page } = filters
  return numbered(client.products.search({ ...conditionsOf(filters), q, page, limit: PAGE_SIZE }, { signal }))
}

function agrees(facets: ProductFacets, { total, totalIsExact }: ProductPage<unknown>): boolean {
  return !facets.countedAll || !totalIsExact || facets.counted === total
}
