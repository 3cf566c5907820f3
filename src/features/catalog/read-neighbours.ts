import { inArray, max, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../platform/db/store.ts'
import { categories, products, productVariants } from './tables.ts'

interface Wanted {
  slugs: readonly string[]
  skus: readonly string[]
  variantSkus: readonly string[]
  categoryIds: readonly string[]
}

/** What new products meet: which of these texts are taken, and the categories that there are. */
export interface Neighbours {
  slugs: Set<string>
  skus: Set<string>
  variantSkus: Set<string>
  categories: Map<string, { slug: string; version: number }>
  /** When the newest product was made, in milliseconds; 0 where there is none. */
  newest: number
}

export async function readNeighbours(db: Db, wanted: Wanted): Promise<Neighbours> {
  const [slugs, skus, variantSkus, found, [newest]] = await db.batch([
    db
      .select({ value: products.slug })
      .from(products)
      .where(inArray(products.slug, listed(wanted.slugs))),
    db
      .select({ value: products.sku })
      .from(products)
      .where(inArray(products.sku, listed(wanted.skus))),
    db
      .select({ value: productVariants.sku })
      .from(productVariants)
      .where(inArray(productVariants.sku, listed(wanted.variantSkus))),
    db
      .select({ id: categories.id, slug: categories.slug, version: categories.version })
      .from(categories)
      .where(inArray(categories.id, listed(wanted.categoryIds))),
    db.select({ at: max(products.createdAt).as('newest') }).from(products),
  ])
  const values = (rows: readonly { value: string }[]) => new Set(rows.map(({ value }) => value))
  return {
    slugs: values(slugs),
    skus: values(skus),
    variantSkus: values(variantSkus),
    categories: new Map(found.map(({ id, ...category }) => [id, category])),
    newest: newest?.at ?? 0,
  }
}

function listed(texts: readonly string[]): SQL {
  return sql`(select value from json_each(${JSON.stringify(texts)}))`
}
