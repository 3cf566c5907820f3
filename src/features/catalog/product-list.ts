import { type SQL, sql } from 'drizzle-orm'
import type { ListDefinition } from '../../platform/lists/list-definition.ts'
import { type ListParts, listParts } from '../../platform/lists/list-parts.ts'
import { type Condition, canonicalQuery, type SortKey } from '../../platform/lists/list-query.ts'
import { FACET_FIELDS, facetMatch, isPart, partMatch, TEXT_FIELDS, wordMatch } from './product-terms.ts'
import { products } from './tables.ts'
import type { ProductFilters } from './visible-products.ts'

/** How products are listed. What stands in no index here is refused where more than 1,000 products match (decision 29). */
export const PRODUCT_LIST: ListDefinition = {
  name: 'products',
  table: products,
  place: products.seq,
  id: products.id,
  time: { field: 'createdAt', column: products.createdAt },
  fields: {
    state: products.state,
    category: products.categoryId,
    brand: products.brand,
    price: products.price,
    stock: products.stock,
    inStock: ({ value }) => (value === true ? sql`stock > 0` : sql`stock = 0`),
    tags: hasOneOf,
  },
  sorts: { name: products.nameKey, price: products.price, stock: products.stock, rating: products.rating },
  trees: [
    { name: 'products_by_state', equal: ['state'], sort: 'createdAt' },
    { name: 'products_by_price', equal: ['state'], sort: 'price' },
    { name: 'products_by_name', equal: ['state'], sort: 'name' },
    { name: 'products_by_stock', equal: ['state'], sort: 'stock' },
    { name: 'products_by_rating', equal: ['state'], sort: 'rating' },
    { name: 'products_by_category', equal: ['category', 'state'], sort: 'createdAt' },
    { name: 'products_by_category_and_price', equal: ['category', 'state'], sort: 'price' },
    { name: 'products_by_category_and_name', equal: ['category', 'state'], sort: 'name' },
    { name: 'products_by_category_and_rating', equal: ['category', 'state'], sort: 'rating' },
    { name: 'products_by_brand', equal: ['brand', 'state'], sort: 'createdAt' },
  ],
  words: [
    { table: 'product_facets', fits: ({ search }) => search === undefined, covers: FACET_FIELDS, match: facetMatch },
    { table: 'product_parts', fits: isPart, covers: TEXT_FIELDS, match: partMatch },
    { table: 'product_words', fits: () => true, covers: TEXT_FIELDS, match: wordMatch },
  ],
}

/** The products whose words match, as `searchProducts` finds them; null where none can. */
export function wordCandidates(
  conditions: readonly Condition[],
  words: string,
): (ListParts & { match: string }) | null {
  const match = wordMatch({ conditions, search: words, sort: [] })
  if (match === undefined || match === null) return null
  const query = { conditions, sort: [{ field: 'createdAt', direction: 'desc' }] } as const
  const plan = { kind: 'candidates', source: { table: 'product_words', match }, within: [] } as const
  return { ...listParts(PRODUCT_LIST, plan, query), match }
}

/** One text for all ways to ask for the same products, as a client asks: what is remembered of them is kept under it. */
export function filtersKey(
  wanted: ProductFilters & { search?: string | undefined; sort?: readonly SortKey[] },
): string {
  const { conditions, category, search, sort = [] } = wanted
  const query = canonicalQuery(PRODUCT_LIST.name, { conditions, search, sort })
  return JSON.stringify([query, category.slug ?? null, category.id ?? null])
}

/** By the text of the column, which costs no row: a tag stands in it as JSON has it. */
function hasOneOf({ value }: Condition): SQL {
  const tags = typeof value === 'object' ? value : [String(value)]
  const each = tags.map((tag) => sql`instr(tags, ${JSON.stringify(tag)}) > 0`)
  return sql`(${sql.join(each, sql` or `)})`
}
