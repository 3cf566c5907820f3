import { and, eq } from 'drizzle-orm'
import * as z from 'zod'
import type { ServiceContext } from '../../context.ts'
import { defineCache } from '../../platform/cache/cache-space.ts'
import { MINUTE_MS } from '../../platform/clock.ts'
import { PRODUCTS_TAG } from './product-cache.ts'
import { categories, products } from './tables.ts'

/** What a page of the shop is about, by its slug. */
interface ShopPage {
  about: 'product' | 'category'
  slug: string
}

/** Only what is there is remembered: whoever makes up slugs fills nothing. */
const SHOWN = defineCache<true | null, ShopPage & Record<string, string>>({
  name: 'shown-pages.v1',
  schema: z.literal(true).nullable(),
  ttlMs: MINUTE_MS,
  tags: [PRODUCTS_TAG],
})

/** Whether everybody finds something at this page of the shop: a product that is published, or a category. */
export async function isShown(ctx: ServiceContext, { about, slug }: ShopPage): Promise<boolean> {
  const { db } = ctx.catalog
  const load = async (): Promise<true | null> => {
    const found =
      about === 'product'
        ? await db
            .select({ id: products.id })
            .from(products)
            .where(and(eq(products.slug, slug), eq(products.state, 'published')))
        : await db.select({ id: categories.id }).from(categories).where(eq(categories.slug, slug))
    return found.length > 0 ? true : null
  }
  return (await ctx.cache.read(SHOWN, { about, slug }, load)) === true
}
