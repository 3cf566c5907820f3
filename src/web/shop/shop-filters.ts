import type { QueryOf } from '../../client/index.ts'
import ADDRESSES from '../addresses.json'
import { hrefOf } from '../href.ts'

export const PAGE_SIZE = 24

/** In the order in which they are offered; the best match only where something is searched for. */
export const SORTS = {
  best: 'Best match',
  newest: 'Newest',
  'price-up': 'Price, low to high',
  'price-down': 'Price, high to low',
  rating: 'Best rated',
  name: 'Name',
} as const
export type Sort = keyof typeof SORTS

/** Minor units; `to` is not part of it, and null where there is no end. */
export interface PriceRange {
  from: number
  to: number | null
}

/** What of the shop is looked at: all of it stands in the address. */
export interface ShopFilters {
  q: string
  category: string | null
  brand: string | null
  tags: readonly string[]
  price: PriceRange | null
  inStock: boolean
  sort: Sort
  page: number
}

type Query = Readonly<Record<string, string>>

/** Of the query of an address. What makes no sense there asks for nothing. */
export function filtersOf(query: Query): ShopFilters {
  const q = (query.q ?? '').trim().slice(0, 100)
  const usual: Sort = q === '' ? 'newest' : 'best'
  const sort = (Object.keys(SORTS) as Sort[]).find((one) => one === query.sort) ?? usual
  return {
    q,
    category: query.category ?? null,
    brand: query.brand ?? null,
    tags: (query.tags ?? '').split(',').filter(Boolean).slice(0, 20),
    price: rangeOf(query.price),
    inStock: query.stock === 'in',
    sort: sort === 'best' && q === '' ? 'newest' : sort,
    page: wholeOf(query.page) ?? 1,
  }
}

/** Any change but that of the page leads to the first page again. */
export function shopHref(filters: ShopFilters, change: Partial<ShopFilters> = {}): string {
  const { q, category, brand, tags, price, inStock, sort, page } = { ...filters, page: 1, ...change }
  const usual: Sort = q === '' ? 'newest' : 'best'
  return hrefOf(ADDRESSES.shop, {
    q: q || null,
    category,
    brand,
    tags: tags.join(',') || null,
    price: price && `${price.from}-${price.to ?? ''}`,
    stock: inStock ? 'in' : null,
    sort: sort === usual ? null : sort,
    page: page > 1 ? page : null,
  })
}

export const NO_FILTERS: ShopFilters = filtersOf({})

/** The shop with nothing chosen, but what is searched for and how it is sorted. */
export const withoutChoices = ({ q, sort }: ShopFilters): ShopFilters => ({ ...NO_FILTERS, q, sort })

/** A choice as words, and the address of the list without it. */
export interface Chip {
  key: string
  label: string
  href: string
}

interface ChipWords {
  categoryName: (slug: string) => string
  priceWords: (range: PriceRange) => string
}

export function chipsOf(filters: ShopFilters, { categoryName, priceWords }: ChipWords): Chip[] {
  const { category, brand, tags, price, inStock } = filters
  const chip = (key: string, label: string, change: Partial<ShopFilters>): Chip => {
    return { key, label, href: shopHref(filters, change) }
  }
  return [
    ...(category === null ? [] : [chip('category', categoryName(category), { category: null })]),
    ...(brand === null ? [] : [chip('brand', brand, { brand: null })]),
    ...(price === null ? [] : [chip('price', priceWords(price), { price: null })]),
    ...(inStock ? [chip('stock', 'In stock', { inStock: false })] : []),
    ...tags.map((tag) => chip(`tag ${tag}`, tag, { tags: tags.filter((one) => one !== tag) })),
  ]
}

type FacetsQuery = QueryOf<'GET /v1/products/facets'>

/** What narrows the list, as the API takes it; the same for the list, for the search and for the counts. */
export function conditionsOf({
  category,
  brand,
  tags,
  price,
  inStock,
}: ShopFilters): Omit<FacetsQuery, 'q' | 'search' | 'words'> {
  return {
    category,
    brand,
    tags: tags.join(',') || null,
    minPrice: price?.from || null,
    'price[lt]': price?.to ?? null,
    inStock: inStock ? 'true' : null,
  }
}

const ORDERS: Record<Exclude<Sort, 'best'>, string> = {
  newest: '-createdAt',
  'price-up': 'price',
  'price-down': '-price',
  rating: '-rating',
  name: 'name',
}

/** For the list in an order; null where the best match is wanted, which is the search. */
export function listQueryOf(filters: ShopFilters): QueryOf<'GET /v1/products'> | null {
  const { q, sort, page } = filters
  if (sort === 'best') return null
  return { ...conditionsOf(filters), search: q || null, sort: ORDERS[sort], page, limit: PAGE_SIZE }
}

function rangeOf(text = ''): PriceRange | null {
  const match = /^(\d{1,9})-(\d{1,9})?$/.exec(text)
  if (!match) return null
  const range = { from: Number(match[1]), to: match[2] === undefined ? null : Number(match[2]) }
  return range.to === null || range.from < range.to ? range : null
}

function wholeOf(text = ''): number | null {
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null
}
