import * as z from 'zod'
import type { ServiceContext } from '../../context.ts'
import { defineCache } from '../../platform/cache/cache-space.ts'
import { jsonOf } from '../../platform/cache/cache-tier.ts'
import { MINUTE_MS } from '../../platform/clock.ts'
import { FoundProduct, ProductFacets, ProductItem } from './schemas.ts'
import type { View } from './visible-products.ts'

/** Raised by whatever changes a product or a category. */
export const PRODUCTS_TAG = 'products'

/** What lists and facets are kept under: the query as its canonical text, and as what the caller sees it. */
interface QueryKey extends Record<string, string | number> {
  view: View
  /** Which of the two finds them. */
  by: 'list' | 'words'
  query: string
}

/** What is counted of products, without what the settings say. */
const TalliedFacets = ProductFacets.omit({ currency: true })
export type TalliedFacets = z.output<typeof TalliedFacets>

/** How many products have which value (R20.2). Staff may see those of a moment ago as well: nobody changes one by them. */
export const FACETS = defineCache<TalliedFacets, QueryKey>({
  name: 'product-facets.v1',
  schema: TalliedFacets,
  ttlMs: MINUTE_MS,
  staleMs: MINUTE_MS,
  tags: [PRODUCTS_TAG],
})

const TotalSchema = z.object({ total: z.int(), isExact: z.boolean() })

/** With the fields that the key names: who has asked for some of them shows no others. */
const ListedProduct = ProductItem.partial().required({ id: true, createdAt: true }) as unknown as typeof ProductItem

const ListedProducts = z.array(ListedProduct)

/**
 * First pages by number, with their total: of the public alone, as whoever changes products wants to see it done. The
 * rows are kept as the JSON that is answered.
 */
export const FIRST_PAGES = defineCache({
  name: 'product-pages.v4',
  schema: z.object({
    text: z.string().refine((text) => ListedProducts.safeParse(jsonOf(text)).success),
    hasMore: z.boolean(),
    nextCursor: z.string().nullable(),
    total: TotalSchema.nullable(),
    digest: z.string(),
  }),
  text: 'text',
  ttlMs: MINUTE_MS,
  tags: [PRODUCTS_TAG],
})

/** How many products a query finds, for the pages that are not kept (R5.13). */
export const TOTALS = defineCache({
  name: 'product-totals.v1',
  schema: TotalSchema,
  ttlMs: 5 * MINUTE_MS,
  tags: [PRODUCTS_TAG],
})

/** Pages of the search by words, of the public alone (R25.5). */
export const SEARCHES = defineCache({
  name: 'product-searches.v1',
  schema: z.object({ items: z.array(FoundProduct), total: TotalSchema, hasMore: z.boolean() }),
  ttlMs: 5 * MINUTE_MS,
  tags: [PRODUCTS_TAG],
})

/** The rows of the tree of categories. */
export const CATEGORY_ROWS = defineCache({
  name: 'categories.v1',
  schema: z.array(
    z.object({
      ...{ id: z.string(), name: z.string(), slug: z.string() },
      ...{ parentId: z.string().nullable(), position: z.int() },
    }),
  ),
  ttlMs: MINUTE_MS,
  tags: [PRODUCTS_TAG],
})

/** Pages up to so many products from the beginning are kept. */
export const KEPT_PRODUCTS = 200

/**
 * After a commit that changed products or categories: nothing that is remembered of them is answered any more, here at
 * once and elsewhere as docs/caching.md says. False where a tier could not be told, which is logged: then time ends it.
 */
export function productsChanged(ctx: ServiceContext): Promise<boolean> {
  return ctx.cache.invalidate([PRODUCTS_TAG])
}
